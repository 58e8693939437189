import fc from 'fast-check';
import { expect, test } from 'vitest';
import { binEdges, heights } from '../../src/report/histogram.ts';
import { smooth } from '../../src/report/loss.ts';
import { principalAxes } from '../../src/report/principal.ts';
import { asTable, thin } from '../../src/report/table.ts';
import { evenWindow, quantile, shownInterval } from '../../src/report/window.ts';
import { cloud } from './support.ts';

const numbers = fc.array(fc.double({ min: -1e3, max: 1e3, noNaN: true }), { minLength: 1, maxLength: 300 });

test('the area of a histogram is the share of the values inside', () => {
  fc.assert(
    fc.property(
      numbers,
      fc.double({ min: -900, max: 0, noNaN: true }),
      fc.double({ min: 1, max: 900, noNaN: true }),
      (values, low, high) => {
        const column = Float64Array.from(values);
        const edges = binEdges(column, [low, high]);
        const area = heights(column, edges).reduce(
          (sum, height, i) => sum + height * (edges[i + 1]! - edges[i]!),
          0,
        );
        const inside = values.filter(value => value >= edges[0]! && value <= edges.at(-1)!).length;
        expect(area).toBeCloseTo(inside / values.length, 9);
      },
    ),
  );
});

test('whole numbers get one bin each', () => {
  const column = Float64Array.of(1, 1, 2, 4, 4, 4);
  const edges = binEdges(column, shownInterval([column]));
  expect(edges).toEqual([0.5, 1.5, 2.5, 3.5, 4.5]);
  expect(heights(column, edges).map(height => 6 * height)).toEqual(
    [2, 1, 0, 3].map(count => expect.closeTo(count, 12)),
  );
});

test('quantiles of 0..n are exact', () => {
  const sorted = Float64Array.from({ length: 101 }, (_, i) => i);
  for (const q of [0, 0.1, 0.255, 1]) expect(quantile(sorted, q)).toBeCloseTo(100 * q, 12);
});

test('an extreme sample does not set the window, and values that are not finite do not count', () => {
  const calm = Float64Array.from({ length: 5000 }, (_, i) => i / 4999);
  const [low, high] = shownInterval([
    calm,
    Float64Array.of(...calm, 1e9, Number.NaN, -Number.POSITIVE_INFINITY),
  ]);
  expect(low).toBeCloseTo(-0.06, 2);
  expect(high).toBeCloseTo(1.06, 2);
  expect(shownInterval([Float64Array.of(3, 3)])).toEqual([2.5, 3.5]);
  expect(shownInterval([new Float64Array(0)])).toEqual([-1, 1]);
});

test('nearly equal intervals become equal about their centres, others stay', () => {
  expect(evenWindow([0, 4], [-1.5, 1.5])).toEqual({ x: [0, 4], y: [-2, 2] });
  expect(evenWindow([0, 4], [0, 1])).toEqual({ x: [0, 4], y: [0, 1] });
});

test('smoothing keeps a constant, and a straight line away from its ends', () => {
  const line = Array.from({ length: 200 }, (_, step) => ({ step, loss: 3 - 0.01 * step }));
  const inner = smooth(line).slice(20, 180);
  for (const { step, loss } of inner) expect(loss).toBeCloseTo(3 - 0.01 * step, 9);
  for (const { loss } of smooth(line.map(({ step }) => ({ step, loss: 7 })))) expect(loss).toBeCloseTo(7, 12);
});

test('principal axes: two groups of 3 and 2 proportional columns give 3/5 and 2/5 of the variance', () => {
  const { data: values } = cloud(500, 2);
  const [u, v] = decorrelated(values);
  const rows = Array.from({ length: 500 }, (_, i) => [
    u[i]!,
    -2 * u[i]!,
    5 + u[i]!,
    9,
    3 * v[i]!,
    1 - v[i]!,
  ]).flat();
  const table = asTable({ data: Float32Array.from(rows), shape: [500, 6] }, 'test');
  const { project, shares } = principalAxes(table);
  expect(shares[0]).toBeCloseTo(3 / 5, 5);
  expect(shares[1]).toBeCloseTo(2 / 5, 5);
  const { data } = project(table);
  const variance = (k: number) => u.reduce((sum, _, i) => sum + data[2 * i + k]! ** 2, 0) / 500;
  expect(variance(0)).toBeCloseTo(3, 3);
  expect(variance(1)).toBeCloseTo(2, 3);
});

/** The two columns centred, with the component along the first removed from the second. */
function decorrelated(values: Float32Array): [number[], number[]] {
  const centred = [0, 1].map(k => {
    const column = [...values].filter((_, i) => i % 2 === k);
    const mean = column.reduce((sum, value) => sum + value, 0) / column.length;
    return column.map(value => value - mean);
  });
  const [u, v] = centred as [number[], number[]];
  const along =
    u.reduce((sum, value, i) => sum + value * v[i]!, 0) / u.reduce((sum, value) => sum + value ** 2, 0);
  return [u, v.map((value, i) => value - along * u[i]!)];
}

test('thinning keeps whole rows, evenly', () => {
  const table = asTable({ data: Float32Array.from({ length: 20 }, (_, i) => i), shape: [10, 2] }, 'test');
  expect([...thin(table, 5).data]).toEqual([0, 1, 4, 5, 8, 9, 12, 13, 16, 17]);
  expect(thin(table, 10).data).toBe(table.data);
});
