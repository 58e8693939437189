import { describe, expect, test } from 'vitest';
import { alignShadows } from '../../src/weights/averaged-weights.ts';
import type { TensorRef } from '../../src/weights/torch/view.ts';

const ref = (key: string, shape: number[]): TensorRef => ({
  storage: { key, bytes: 4000 },
  type: { dtype: 'F32', size: 4 },
  offset: 0,
  shape,
  strides: shape,
});
const model = (shapes: Record<string, number[]>) =>
  new Map(Object.entries(shapes).map(([name, shape]) => [name, ref(`model ${name}`, shape)]));
const shadows = (...shapes: number[][]) => shapes.map((shape, i) => ref(`shadow ${i}`, shape));
const keys = (refs: ReadonlyMap<string, TensorRef>) =>
  Object.fromEntries([...refs].map(([name, { storage }]) => [name, storage.key]));

describe('averaged weights without names', () => {
  test('get the names in order, and leave the published frozen tensors unchanged', () => {
    const aligned = alignShadows(
      shadows([3], [3], [2, 2]),
      model({ sigmas: [3], 'a.W': [3], 'a.bias': [3], 'b.bias': [3], 'b.W': [2, 2] }),
      'f',
    );
    expect(keys(aligned)).toEqual({
      sigmas: 'model sigmas',
      'a.W': 'model a.W',
      'a.bias': 'shadow 0',
      'b.bias': 'shadow 1',
      'b.W': 'shadow 2',
    });
  });

  test('a tensor that is not trained is recognised by its shape if there is only one way', () => {
    const aligned = alignShadows(shadows([2], [5]), model({ a: [2], fixed: [7], b: [5] }), 'f');
    expect(keys(aligned)).toEqual({ a: 'shadow 0', fixed: 'model fixed', b: 'shadow 1' });
  });

  test.each([
    ['two ways to fit', shadows([2]), model({ a: [2], b: [2] })],
    ['a shape that no name has', shadows([3]), model({ a: [2] })],
    ['more averages than names', shadows([2], [2]), model({ a: [2] })],
    ['the order of the model is not the order of the list', shadows([5], [2]), model({ a: [2], b: [5] })],
  ])('%s: refused', (_what, list, names) => {
    expect(() => alignShadows(list, names, 'f')).toThrow('cannot be matched with the names of the model');
  });
});
