import { expect, test } from 'vitest';
import { fillNormal, fillRademacher, fillUniform, key, permutation } from '../../src/random/index.ts';
import { correlation, kolmogorov, mean } from './statistics.ts';

const k = key(4, 'draws');

test.each([1, 3, 50])('uniforms in rows of %i follow the uniform law', size => {
  const out = new Float64Array(2000 * size);
  fillUniform(out, k, { step: 1, size });
  expect(kolmogorov(out, x => x)).toBeLessThan(1.95);
});

test('uniforms in float32 are those in float64, truncated, and never 0 or 1', () => {
  const [single, double] = [new Float32Array(2 ** 20), new Float64Array(2 ** 20)];
  fillUniform(single, k, { step: 0, size: 4 });
  fillUniform(double, k, { step: 0, size: 4 });
  const gap = double.reduce((most, u, i) => Math.max(most, Math.abs(u - single[i]!)), 0);
  expect(gap).toBeLessThanOrEqual(2 ** -24);
  expect(single.every(u => u > 0 && u < 1)).toBe(true);
  // The largest possible value; one more bit would make it 1.
  expect(Math.fround((2 ** 23 - 0.5) * 2 ** -23)).toBeLessThan(1);
});

test('signs are -1 and 1 equally often, uncorrelated within and between rows of any length', () => {
  for (const size of [1, 31, 32, 33, 200]) {
    const signs = new Float32Array(Math.floor(100_000 / size) * size);
    fillRademacher(signs, k, { step: 2, size });
    expect(signs.every(s => Math.abs(s) === 1)).toBe(true);
    expect(Math.abs(mean(signs)) * Math.sqrt(signs.length)).toBeLessThan(4);
    for (const lag of [1, 32, size]) {
      expect(Math.abs(correlation(signs.subarray(lag), signs.subarray(0, -lag)))).toBeLessThan(4);
    }
  }
});

test('a uniform or a sign depends only on its address', () => {
  const [all, one] = [new Float32Array(100 * 37), new Float32Array(37)];
  for (const fill of [fillUniform, fillRademacher] as const) {
    fill(all, k, { step: 3, size: 37 });
    fill(one, k, { step: 3, size: 37, first: 60 });
    expect(one).toEqual(all.slice(60 * 37, 61 * 37));
    fill(one, k, { step: 3, size: 37, samples: Uint32Array.of(99) });
    expect(one).toEqual(all.slice(99 * 37));
  }
});

test('the laws share no bits: normals, uniforms and signs of one address do not correlate', () => {
  const n = 50_000;
  const [normals, uniforms, signs] = [new Float32Array(n), new Float64Array(n), new Float32Array(n)];
  fillNormal(normals, k, { step: 0, size: 2 });
  fillUniform(uniforms, k, { step: 0, size: 2 });
  fillRademacher(signs, k, { step: 0, size: 2 });
  const centred = uniforms.map(u => (u - 0.5) * Math.sqrt(12));
  const squares = Float64Array.from(normals, z => (z * z - 1) / Math.SQRT2);
  for (const [a, b] of [
    [normals, centred],
    [squares, centred],
    [normals, signs],
    [centred, signs],
  ] as const) {
    expect(Math.abs(correlation(a, b))).toBeLessThan(4);
  }
});

test('a permutation contains every index once', () => {
  for (const n of [0, 1, 2, 10, 20_000]) {
    expect([...permutation(n, k, 0)].sort((a, b) => a - b)).toEqual(Array.from({ length: n }, (_, i) => i));
  }
});

test('each of the 24 orders of four occurs equally often', () => {
  const counts = new Map<string, number>();
  const trials = 24_000;
  for (let step = 0; step < trials; step++) {
    const order = permutation(4, k, step).join('');
    counts.set(order, (counts.get(order) ?? 0) + 1);
  }
  expect(counts.size).toBe(24);
  const chiSquare = [...counts.values()].reduce((sum, count) => sum + (count - 1000) ** 2 / 1000, 0);
  expect(chiSquare).toBeLessThan(49.7); // the 99.9% point for 23 degrees of freedom
});

test('a permutation is the same for the same key and step, and different for others', () => {
  const order = permutation(100, k, 5);
  expect(permutation(100, key(4, 'draws'), 5)).toEqual(order);
  expect(permutation(100, k, 6)).not.toEqual(order);
  expect(permutation(100, key(5, 'draws'), 5)).not.toEqual(order);
  expect(permutation(100, key(4, 'other'), 5)).not.toEqual(order);
});
