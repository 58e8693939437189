import { describe, expect, test } from 'vitest';
import { fitWeights } from '../../src/weights/index.ts';

const tensor = (...shape: number[]) => ({ shape, data: new Float32Array(shape.reduce((a, b) => a * b, 1)) });

describe('weights for a network', () => {
  test('have its names and its order; the table of noise levels is left out', () => {
    const params = { b: tensor(2), sigmas: tensor(9), a: tensor(1, 2) };
    const fitted = fitWeights(params, { a: { shape: [1, 2] }, b: { shape: [2] } }, 'f');
    expect(Object.keys(fitted)).toEqual(['a', 'b']);
    expect(fitted.a).toBe(params.a);
  });

  test('lose a prefix that all names share, if they fit the network without it', () => {
    const wanted = { 'a.w': { shape: [2] }, b: { shape: [1] } };
    const params = { 'unet.a.w': tensor(2), 'unet.b': tensor(1) };
    expect(Object.keys(fitWeights(params, wanted, 'f'))).toEqual(['a.w', 'b']);
    expect(() => fitWeights({ ...params, c: tensor(1) }, wanted, 'f')).toThrow('unet.a.w is not needed');
  });

  test('get their dots back in names without dots, if each has one meaning', () => {
    const wanted = { 'a.w': { shape: [2] }, 'a.0.b': { shape: [1] } };
    expect(Object.keys(fitWeights({ a0b: tensor(1), aw: tensor(2) }, wanted, 'f'))).toEqual(['a.w', 'a.0.b']);
    const double = { 'a.b': { shape: [1] }, ab: { shape: [1] } };
    expect(() => fitWeights({ ab: tensor(1) }, double, 'f')).toThrow('a.b is missing');
  });

  test('are listed by name if they do not fit', () => {
    const wanted = { a: { shape: [2] }, b: { shape: [2, 3] }, constructor: { shape: [1] } };
    expect(() => fitWeights({ b: tensor(3, 2), c: tensor(1) }, wanted, 'f')).toThrow(
      'f: the weights do not fit the network:\n  a is missing\n  constructor is missing\n  c is not needed\n  b is [3,2], not [2,3]',
    );
    const missing = Object.fromEntries(Array.from({ length: 90 }, (_, i) => [`net.n${i}`, { shape: [1] }]));
    expect(() => fitWeights({ 'other.n0': tensor(1) }, missing, 'f')).toThrow(
      /net\.n9 is missing\n {2}and 80 more\n {2}other\.n0 is not needed/,
    );
    const many = Object.fromEntries(Array.from({ length: 30 }, (_, i) => [`n${i}`, tensor(1)]));
    expect(() => fitWeights(many, {}, 'f')).toThrow('and 10 more');
  });
});
