import fc from 'fast-check';
import { expect, test } from 'vitest';
import { type BrownianOptions, brownianTree, key } from '../../src/random/index.ts';
import { correlation, kolmogorov, mean, normalCdf } from './statistics.ts';

const treeOf = (options: Partial<BrownianOptions> = {}) =>
  brownianTree({ key: key(1, 'path'), tMin: 0.001, tMax: 1, size: 2, ...options });

const time = fc.double({ min: 0.001, max: 1, noNaN: true });

const largest = (values: ArrayLike<number>) => Math.max(...Array.from(values, Math.abs));

test('increments add up, and change sign with their direction', () => {
  const tree = treeOf();
  fc.assert(
    fc.property(time, time, time, (a, b, c) => {
      const [ab, bc, ac] = [tree.increment(a, b, 5), tree.increment(b, c, 5), tree.increment(a, c, 5)];
      expect(largest(ac.map((w, i) => w - ab[i]! - bc[i]!))).toBeLessThan(1e-6);
      expect(tree.increment(c, a, 5)).toEqual(ac.map(w => 0 - w));
    }),
  );
});

test('an increment is the difference of two values, and the path starts at 0', () => {
  const tree = treeOf();
  const [from, to] = [new Float64Array(20), new Float64Array(20)];
  fc.assert(
    fc.property(time, time, (a, b) => {
      tree.value(from, a);
      tree.value(to, b);
      expect(tree.increment(a, b, 10)).toEqual(Float32Array.from(to, (w, i) => w - from[i]!));
    }),
  );
  tree.value(from, 0.001);
  expect(largest(from)).toBe(0);
});

test('a row depends only on its sample and its time', () => {
  const tree = treeOf({ size: 3 });
  const row = fc.tuple(fc.integer({ min: 0, max: 1000 }), time, time);
  fc.assert(
    fc.property(fc.array(row, { minLength: 1, maxLength: 12 }), rows => {
      const samples = Uint32Array.from(rows, ([sample]) => sample);
      const [from, to] = [Float64Array.from(rows, r => r[1]), Float64Array.from(rows, r => r[2])];
      const together = tree.increment(from, to, rows.length, { samples });
      const alone = rows.flatMap(([first, a, b]) => [...tree.increment(a, b, 1, { first })]);
      expect([...together]).toEqual(alone);
    }),
    { numRuns: 50 },
  );
});

// Times on the grid, between its points, and in the same cell as an end.
test.each([
  [0.001, 1],
  [0.001, 0.002],
  [0.3, 0.7],
  [0.4999, 0.5001],
  [0.123, 0.1231],
  [1 - 1e-7, 1],
])('W(%d) - W(%d) is normal with variance |t - s|', (s, t) => {
  const n = 40_000;
  const scaled = treeOf()
    .increment(s, t, n / 2)
    .map(w => w / Math.sqrt(t - s));
  expect(Math.abs(mean(scaled, x => x * x) - 1)).toBeLessThan(4 * Math.sqrt(2 / n));
  expect(kolmogorov(scaled, normalCdf)).toBeLessThan(1.95);
});

test('disjoint increments and the values of a row are independent', () => {
  const tree = treeOf();
  const scaled = (s: number, t: number) => tree.increment(s, t, 20_000).map(w => w / Math.sqrt(t - s));
  const parts = [scaled(0.1, 0.31), scaled(0.31, 0.32), scaled(0.32, 0.9), scaled(0.9, 1)];
  parts.forEach((a, i) => {
    for (const b of parts.slice(i + 1)) expect(Math.abs(correlation(a, b))).toBeLessThan(4);
    expect(Math.abs(correlation(a.subarray(1), a.subarray(0, -1)))).toBeLessThan(4);
  });
});

test('between two known times the path is a Brownian bridge', () => {
  const tree = treeOf();
  const [a, m, b] = [0.2, 0.35, 0.8];
  const [half, whole] = [tree.increment(a, m, 20_000), tree.increment(a, b, 20_000)];
  const p = (m - a) / (b - a);
  const deviation = Math.sqrt((m - a) * (1 - p));
  const rest = half.map((w, i) => (w - p * whole[i]!) / deviation);
  expect(kolmogorov(rest, normalCdf)).toBeLessThan(1.95);
  expect(
    Math.abs(
      correlation(
        rest,
        whole.map(w => w / Math.sqrt(b - a)),
      ),
    ),
  ).toBeLessThan(4);
});

test('a finer tolerance refines the same path', () => {
  const [coarse, fine] = [treeOf({ tMin: 0, tolerance: 2 ** -6 }), treeOf({ tMin: 0, tolerance: 2 ** -20 })];
  const [w, v] = [new Float64Array(40), new Float64Array(40)];
  for (let i = 0; i <= 128; i++) {
    coarse.value(w, i / 128); // also the midpoints of the coarse cells
    fine.value(v, i / 128);
    expect(largest(w.map((x, j) => x - v[j]!))).toBeLessThan(1e-12);
  }
});

test('seeds and streams have separate paths', () => {
  const at = (seed: number, stream: string) => treeOf({ key: key(seed, stream) }).increment(0.001, 1, 20_000);
  const base = at(1, 'path');
  expect(at(1, 'path')).toEqual(base);
  for (const other of [at(2, 'path'), at(1, 'other')])
    expect(Math.abs(correlation(base, other))).toBeLessThan(4);
});

test.each([
  ['times that are no interval', () => treeOf({ tMin: 1, tMax: 1 }), /interval/],
  ['a tolerance too fine', () => treeOf({ tolerance: 1e-12 }), /tolerance.*expected at least/],
  ['a tolerance of zero', () => treeOf({ tolerance: 0 }), /tolerance/],
  ['a time outside', () => treeOf().increment(0, 1, 3), /outside.*got 0/],
  ['a time that is no number', () => treeOf().increment(Number.NaN, 1, 3), /outside/],
  [
    'times for other rows',
    () => treeOf().increment(new Float64Array(2).fill(0.5), 1, 3),
    /one time for each row/,
  ],
])('%s: refused', (_, act, message) => {
  expect(act).toThrow(message);
});
