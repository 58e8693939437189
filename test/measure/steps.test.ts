import { expect, test } from 'vitest';
import { makeGrid } from '../../src/data/units/grid.ts';
import { formula, range } from '../../src/measure/columns.ts';
import type { Part } from '../../src/measure/contract.ts';
import { spacingOf, spreadSteps } from '../../src/measure/steps.ts';

const space = { shape: [2], columns: [{ name: 'a' }, { name: 'b' }] };
const tenths = makeGrid({ step: 1, decimals: 1, offset: 0 });

/** Whether a part allows the point x = (a, 0). */
function allows(part: Part, a: number): boolean {
  if (part.kind !== 'linear' || part.law.kind !== 'between') throw new Error('no bounds');
  const value = part.matrix[0]! * a;
  return value > part.law.low[0]! - 1e-9 && value < part.law.high[0]! - 1e-9;
}

test.each<[string, (value: number) => boolean]>([
  ['a > 2.5', value => value > 2.5],
  ['a >= 2.5', value => value >= 2.5],
  ['a < 2.5', value => value < 2.5],
  ['a <= 2.5', value => value <= 2.5],
  ['2 < a <= 2.5', value => value > 2 && value <= 2.5],
  ['2.5 > a >= 2', value => value < 2.5 && value >= 2],
  ['a in 2..2.5', value => value >= 2 && value <= 2.5],
  ['a > 2.55', value => value > 2.55],
  ['2*a + 1 < 6', value => value < 2.5],
])('%s holds for a tenth wherever it lies in its step', async (text, holds) => {
  const [part] = spreadSteps(await range(text).on(space), [tenths, undefined]);
  for (let k = 15; k <= 30; k++)
    for (const u of [0, 0.3, 0.99])
      expect([k, u, allows(part!, (k + u) / 10)]).toEqual([k, u, holds(k / 10)]);
});

test('a value becomes the middle of its step, with the variance of the step', async () => {
  const [part] = spreadSteps(await formula('a = 2.5').on(space), [tenths, undefined]);
  if (part?.kind !== 'linear' || part.law.kind !== 'normal') throw new Error('no value');
  expect(part.law.value[0]).toBeCloseTo(2.55, 12);
  expect(part.law.std[0]).toBeCloseTo(0.1 / Math.sqrt(12), 12);
});

test('an exact value is a step of its column, which has all that lies beyond an end', async () => {
  const ends = { ...tenths, least: 2, greatest: 3 };
  const stepOf = async (text: string) => {
    const [part] = spreadSteps(await formula(text).on(space), [ends, undefined]);
    return part?.kind === 'linear' ? part.step : undefined;
  };
  const near = (step: readonly number[] | undefined) => step?.map(end => Number(end.toFixed(9)));
  expect(near(await stepOf('a = 2.5'))).toEqual([2.5, 2.6]);
  expect(near(await stepOf('-2*a = -5'))).toEqual([-5.2, -5]);
  expect(await stepOf('a = 2')).toEqual([-Infinity, 2.1]);
  expect(await stepOf('-2*a = -6')).toEqual([-Infinity, -6]);
  expect(await stepOf('a = 2.5 ± 0.1')).toBeUndefined();
});

test.each<[number[], number | undefined]>([
  [[1, 0], 0.1],
  [[-3, 0], 0.3],
  [[2, 1], 0.2],
  [[1.5, 1], 0.05],
  [[Math.SQRT2, 1], undefined],
])('values of the sum %j of tenths and whole numbers lie %s apart', (row, apart) => {
  const whole = makeGrid({ step: 1, decimals: 0, offset: 0 });
  const spacing = spacingOf(Float64Array.from(row), [tenths, whole]);
  if (apart === undefined) expect(spacing).toBeUndefined();
  else expect(spacing).toBeCloseTo(apart, 9);
});
