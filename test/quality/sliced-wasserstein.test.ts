import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { slicedWasserstein } from '../../src/quality/index.ts';
import { transportCost } from '../../src/quality/transport.ts';
import { normals } from './support.ts';

const finite = fc.double({ min: -100, max: 100, noNaN: true });
const numbers = fc.array(finite, { minLength: 1, maxLength: 12 }).map(list => Float64Array.from(list).sort());

/**
 * The distance by its definition, on sets that are repeated to one size: each point as often as the other set
 * has points.
 */
function byRepetition(a: Float64Array, b: Float64Array, order: number): number {
  const blown = (x: Float64Array, times: number) => [...x].flatMap(value => Array<number>(times).fill(value));
  const [p, q] = [blown(a, b.length), blown(b, a.length)];
  return p.reduce((sum, value, i) => sum + Math.abs(value - q[i]!) ** order, 0) / p.length;
}

describe('transport in one dimension', () => {
  test('sets of any two sizes cost the same as the sets repeated to one size', () => {
    fc.assert(
      fc.property(numbers, numbers, fc.constantFrom(1, 2, 3), (a, b, order) => {
        const cost = transportCost(a, b, gap => gap ** order);
        expect([cost]).toBeAllClose([byRepetition(a, b, order)], 1e-9);
      }),
    );
  });

  test('W1 is the area between the two distribution functions', () => {
    fc.assert(
      fc.property(numbers, numbers, (a, b) => {
        const knots = Float64Array.from([...a, ...b]).sort();
        const share = (x: Float64Array, at: number) => x.filter(value => value <= at).length / x.length;
        const area = knots.subarray(1).reduce((sum, right, i) => {
          const left = knots[i]!;
          return sum + (right - left) * Math.abs(share(a, left) - share(b, left));
        }, 0);
        expect([transportCost(a, b, gap => gap)]).toBeAllClose([area], 1e-9);
      }),
    );
  });
});

describe('sliced Wasserstein distance', () => {
  test('a set has distance 0 from itself in any order, and the distance is symmetric', () => {
    const a = normals(40, 3, 1);
    const turned = {
      data: Float32Array.from({ length: 120 }, (_, i) => a.data[(39 - Math.floor(i / 3)) * 3 + (i % 3)]!),
      shape: [40, 3],
    };
    const b = normals(25, 3, 2);
    expect(slicedWasserstein(a, turned)).toBe(0);
    expect(slicedWasserstein(a, b)).toBe(slicedWasserstein(b, a));
  });

  test('a translation by v costs |v|/√D in the mean square over directions', () => {
    const a = normals(10, 4, 1);
    const v = [3, -1, 2, 0.5];
    const moved = { ...a, data: a.data.map((value, i) => value + v[i % 4]!) };
    const expected = Math.sqrt(v.reduce((sum, value) => sum + value * value, 0) / 4);
    expect(Math.abs(slicedWasserstein(a, moved, { projections: 20_000 }) / expected - 1)).toBeLessThan(0.02);
  });

  test('two normals of different width are |σ₁ − σ₂| apart, and two sets of one law nearly 0', () => {
    const [a, wide, again] = [normals(20_000, 2, 1), normals(15_000, 2, 2, 0, 2.5), normals(20_000, 2, 3)];
    expect(Math.abs(slicedWasserstein(a, wide) - 1.5)).toBeLessThan(0.03);
    expect(slicedWasserstein(a, again)).toBeLessThan(0.03);
  });

  test('in one dimension the distance is exact, with any number of directions', () => {
    const a = { data: Float32Array.of(3, 1, 2), shape: [3, 1] };
    const b = { data: Float32Array.of(5, 0), shape: [2] };
    // Quantiles on [0, ⅓, ½, ⅔, 1]: gaps |1−0|, |2−0|, |2−5|, |3−5|.
    expect([slicedWasserstein(a, b, { order: 1 })]).toBeAllClose([1 / 3 + 2 / 6 + 3 / 6 + 2 / 3], 1e-12);
    expect([slicedWasserstein(a, b, { projections: 7 })]).toBeAllClose(
      [Math.sqrt(1 / 3 + 4 / 6 + 9 / 6 + 4 / 3)],
      1e-12,
    );
  });

  test('only the seed chooses the directions', () => {
    const [a, b] = [normals(30, 5, 1), normals(30, 5, 2, 1)];
    expect(slicedWasserstein(a, b, { seed: 4 })).toBe(slicedWasserstein(a, b, { seed: 4 }));
    expect(slicedWasserstein(a, b, { seed: 4 })).not.toBe(slicedWasserstein(a, b, { seed: 5 }));
  });

  test('sets that cannot be compared are refused', () => {
    const a = normals(4, 2, 1);
    expect(() => slicedWasserstein(a, normals(4, 3, 1))).toThrow(
      'points of different size; got "[2] and [3]"',
    );
    expect(() => slicedWasserstein(a, { data: new Float32Array(0), shape: [0, 2] })).toThrow(
      'not a set of points',
    );
    const broken = { ...a, data: Float32Array.of(0, 1, NaN, 2, 3, 4, 5, 6) };
    expect(() => slicedWasserstein(broken, a)).toThrow('first set, row 1: a value that is not finite');
    expect(() => slicedWasserstein(a, a, { projections: 0 })).toThrow('impossible options');
  });
});
