import { expect, test } from 'vitest';
import { deviationOf, meanAndError, meanOf } from '../../src/math/mean.ts';

test('mean, its error and the deviation of 1, 2, 3, 4 are those of their formulas', () => {
  const values = Float64Array.of(1, 2, 3, 4);
  expect(meanOf(values)).toBe(2.5);
  expect(deviationOf(values)).toBeCloseTo(Math.sqrt(5 / 4), 15);
  const { mean, standardError } = meanAndError(values);
  expect(mean).toBe(2.5);
  expect(standardError).toBeCloseTo(Math.sqrt(5 / 3 / 4), 15);
});

test('one value has no error, and no values have no mean', () => {
  expect(meanAndError([7])).toEqual({ mean: 7, standardError: null });
  expect(meanOf([])).toBeNaN();
});
