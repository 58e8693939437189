import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { affine, bitsPerDimension, compose, identity, transformFromJson } from '../../src/data/index.ts';
import { scalesOf } from '../support/affine.ts';

const scale = fc.double({ min: 1e-3, max: 1e3, noNaN: true });
const value = fc.double({ min: -1e3, max: 1e3, noNaN: true });
const rows = (width: number) => fc.array(value, { minLength: 2 * width, maxLength: 2 * width });
const transforms = (width: number) =>
  fc
    .tuple(
      fc.array(value, { minLength: width, maxLength: width }),
      fc.array(scale, { minLength: width, maxLength: width }),
    )
    .map(([shift, factor]) => affine(shift, factor));

describe('transform', () => {
  test('inverse undoes forward', () => {
    fc.assert(
      fc.property(transforms(3), rows(3), (map, x) => {
        const back = map.inverse(map.forward(x, new Float64Array(6)), new Float64Array(6));
        x.forEach((original, i) => {
          expect(Math.abs(back[i]! - original)).toBeLessThan(1e-9);
        });
      }),
    );
  });

  test('the log-determinant is that of the map, by finite differences', () => {
    fc.assert(
      fc.property(transforms(2), map => {
        const at = (x: number[]) => map.forward(x, new Float64Array(2));
        const slope = (d: number) => at([d === 0 ? 1 : 0, d === 1 ? 1 : 0])[d]! - at([0, 0])[d]!;
        expect(Math.abs(Math.log(slope(0)) + Math.log(slope(1)) - map.logDeterminant)).toBeLessThan(1e-6);
      }),
    );
  });

  test('a composition applies one transform after the other, and its determinant is the product', () => {
    fc.assert(
      fc.property(transforms(2), transforms(2), rows(2), (first, second, x) => {
        const one = compose(first, second);
        const both = second.forward(first.forward(x, new Float64Array(4)), new Float64Array(4));
        one.forward(x, new Float64Array(4)).forEach((z, i) => {
          expect(Math.abs(z - both[i]!)).toBeLessThan(1e-6 * (1 + Math.abs(both[i]!)));
        });
        expect(one.logDeterminant).toBeCloseTo(first.logDeterminant + second.logDeterminant, 9);
      }),
    );
  });

  test('JSON keeps every bit', () => {
    fc.assert(
      fc.property(transforms(3), fc.boolean(), ({ shift, scale }, bins) => {
        const json = JSON.parse(JSON.stringify(affine(shift, scale, bins)));
        const back = scalesOf({ transform: transformFromJson(json, 'config.json') });
        expect([back.shift, back.scale, back.bins]).toEqual([shift, scale, bins]);
      }),
    );
  });

  test('invalid transforms are refused', () => {
    expect(() => affine([0], [0])).toThrow('dimension 0: impossible transform; got "shift 0, scale 0"');
    expect(() => affine([0, Number.NaN], [1, 1])).toThrow('dimension 1');
    expect(() => affine([0], [1, 1])).toThrow('one length');
    expect(() => identity(2).forward([1, 2, 3], new Float64Array(3))).toThrow('wrong width');
    for (const json of [null, {}, { shift: [0], scale: ['1'], bins: false }, { shift: [0], scale: [1] }])
      expect(() => transformFromJson(json, 'config.json')).toThrow('config.json: not a transform');
  });

  test('a uniform density over 2^8 bins costs 8 bits a dimension', () => {
    expect(bitsPerDimension(3 * Math.log(1 / 256), 3)).toBeCloseTo(8, 12);
  });
});
