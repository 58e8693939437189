import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { split } from '../../src/data/index.ts';

const seeds = fc.nat();
const fractions = fc.double({ min: 0, max: 0.99, noNaN: true });

describe('split', () => {
  test('the parts are disjoint, in rising order, and together all rows', () => {
    fc.assert(
      fc.property(fc.integer({ min: 2, max: 500 }), fractions, seeds, (n, fraction, seed) => {
        const { train, test } = split(n, fraction, seed);
        const both = [...train, ...test].sort((a, b) => a - b);
        expect(both).toEqual(Array.from({ length: n }, (_, i) => i));
        for (const part of [train, test]) expect([...part]).toEqual([...part].sort((a, b) => a - b));
        expect(train.length).toBeGreaterThan(0);
        expect(Math.abs(test.length - n * fraction)).toBeLessThanOrEqual(1);
        expect(test.length > 0).toBe(fraction > 0);
      }),
    );
  });

  test('it depends only on the seed', () => {
    expect(split(100, 0.2, 3)).toEqual(split(100, 0.2, 3));
    expect(split(100, 0.2, 3)).not.toEqual(split(100, 0.2, 4));
  });

  test('over many seeds every row is a test row equally often', () => {
    const counts = new Float64Array(20);
    for (let seed = 0; seed < 2000; seed++) for (const row of split(20, 0.25, seed).test) counts[row]! += 1;
    const spread = counts.reduce((sum, count) => sum + (count - 500) ** 2 / (500 * 0.75), 0);
    expect(spread).toBeLessThan(45); // chi-squared with about 19 degrees of freedom; 45 is its 99.9% point
  });

  test('impossible fractions and too few rows are refused', () => {
    for (const fraction of [-0.1, 1, Number.NaN])
      expect(() => split(10, fraction, 0)).toThrow('out of range');
    expect(() => split(1, 0.5, 0)).toThrow('Too few rows');
  });
});
