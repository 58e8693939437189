import { describe, expect, test } from 'vitest';
import { kernelDistance, maximumMeanDiscrepancy, neighbourhoods } from '../../src/quality/index.ts';
import type { PlainTensor } from '../../src/tensor/types.ts';
import { normals } from './support.ts';

const column = (...values: number[]): PlainTensor => ({
  data: Float32Array.from(values),
  shape: [values.length, 1],
});

describe('kernel distance (MMD)', () => {
  test('two points against two, computed by hand with both kernels', () => {
    const [a, b] = [column(0, 1), column(0, 2)];
    const gaussian = (d: number) => Math.exp((-d * d) / 8);
    const wanted =
      gaussian(1) + gaussian(2) - (2 / 4) * (gaussian(0) + gaussian(2) + gaussian(1) + gaussian(1));
    expect([maximumMeanDiscrepancy(a, b, { bandwidth: 2 }).squared]).toBeAllClose([wanted], 1e-14);
    const imq = (d: number) => 1 / Math.sqrt(1 + (d * d) / 4);
    const other = imq(1) + imq(2) - (2 / 4) * (imq(0) + imq(2) + imq(1) + imq(1));
    expect([
      maximumMeanDiscrepancy(a, b, { bandwidth: 2, kernel: 'inverse-multiquadric' }).squared,
    ]).toBeAllClose([other], 1e-14);
  });

  test('of two normals at a known distance is the closed form', () => {
    // E k(x, y) for x − y ~ N(δ, 2I) in D dimensions: (h²/(h²+2))^(D/2)·exp(−|δ|²/(2(h²+2))).
    const [h, delta, size] = [1.5, 0.8, 3];
    const mean = (shift: number) =>
      (h ** 2 / (h ** 2 + 2)) ** (size / 2) * Math.exp((-size * shift ** 2) / (2 * (h ** 2 + 2)));
    const [a, b] = [normals(2_500, size, 1), normals(2_000, size, 2, delta)];
    const { squared } = maximumMeanDiscrepancy(a, b, { bandwidth: h });
    expect(Math.abs(squared - 2 * (mean(0) - mean(delta)))).toBeLessThan(0.01);
  });

  test('is unbiased: over many pairs of small sets of one law its mean is 0 within its standard error', () => {
    const values = Array.from(
      { length: 400 },
      (_, i) =>
        maximumMeanDiscrepancy(normals(5, 2, 2 * i + 1), normals(7, 2, 2 * i + 2), { bandwidth: 1 }).squared,
    );
    const mean = values.reduce((sum, value) => sum + value, 0) / 400;
    const std = Math.sqrt(values.reduce((sum, value) => sum + (value - mean) ** 2, 0) / 399);
    expect(Math.abs(mean)).toBeLessThan((4 * std) / 20);
    expect(std).toBeGreaterThan(0.05);
  });

  test('the default bandwidth is the median distance', () => {
    // Distances among 0, 1, 3, 7: 1, 2, 3, 4, 6, 7.
    expect(maximumMeanDiscrepancy(column(0, 3), column(1, 7)).bandwidth).toBe(3.5);
  });

  test('what cannot be is refused', () => {
    expect(() => maximumMeanDiscrepancy(column(1), column(1, 2))).toThrow('no unbiased estimate');
    expect(() => maximumMeanDiscrepancy(column(1, 1, 1), column(1, 2))).toThrow(
      'impossible bandwidth; got 0',
    );
    expect(() =>
      maximumMeanDiscrepancy(column(1, 2), column(1, 2), { kernel: 'gausian' as 'gaussian' }),
    ).toThrow('Did you mean "gaussian"?');
  });
});

describe('kernel distance of features (KID)', () => {
  test('computed by hand: (x·y/D + 1)³', () => {
    const a = { data: Float32Array.of(1, 0, 0, 1), shape: [2, 2] };
    const b = { data: Float32Array.of(2, 0, 0, 0), shape: [2, 2] };
    // Within a: k(0) = 1. Within b: 1. Between: 2³ for (1,0)·(2,0), otherwise 1.
    expect(kernelDistance(a, b)).toEqual({ mean: 1 + 1 - (2 / 4) * (8 + 1 + 1 + 1), std: 0 });
  });

  test('of two normals is the closed form from their moments', () => {
    // E(x·y/D + 1)³ with x, y independent normals of means m, m′ and unit variance, D = 1: from E xᵏ = 1, m,
    // 1+m², m³+3m.
    const moments = (m: number) => [1, m, 1 + m * m, m ** 3 + 3 * m];
    const cross = (m: number, n: number) =>
      [1, 3, 3, 1].reduce((sum, c, k) => sum + c * moments(m)[k]! * moments(n)[k]!, 0);
    const wanted = cross(0, 0) + cross(0.7, 0.7) - 2 * cross(0, 0.7);
    const { mean } = kernelDistance(normals(4_000, 1, 1), normals(4_000, 1, 2, 0.7), { subsetSize: 500 });
    expect(Math.abs(mean / wanted - 1)).toBeLessThan(0.1);
  });

  test('subsets are chosen by the seed', () => {
    const [a, b] = [normals(60, 3, 1), normals(50, 3, 2, 1)];
    const of = (seed: number) => kernelDistance(a, b, { subsets: 5, subsetSize: 20, seed });
    expect(of(1)).toEqual(of(1));
    expect(of(1).mean).not.toBe(of(2).mean);
    expect(of(1).std).toBeGreaterThan(0);
  });
});

describe('precision, recall, density, coverage', () => {
  test('on a line, computed by hand', () => {
    // k = 1: radii of the real points 0, 1, 3, 10 are 1, 1, 2, 7; of the samples 0.5, 2, 40 they are 1.5,
    // 1.5, 38.
    const result = neighbourhoods(column(0, 1, 3, 10), column(0.5, 2, 40), { k: 1 });
    // 0.5 is in the balls of 0 and 1, 2 is in those of 1 and 3, and 40 is in none. The ball of 40 reaches
    // down to 2.
    expect(result.precision).toBe(2 / 3);
    expect(result.density).toBe(4 / 3);
    expect(result.coverage).toBe(3 / 4);
    expect(result.recall).toBe(1);
  });

  test('two sets of one law: density and coverage are near their theoretical values', () => {
    // E coverage = 1 − (N−1)…(N−k)/((2N−1)…(2N−k)) for N points each (Naeem et al. 2020, lemma 2).
    const [n, k] = [1_500, 5];
    let miss = 1;
    for (let i = 1; i <= k; i++) miss *= (n - i) / (2 * n - i);
    const { density, coverage } = neighbourhoods(normals(n, 2, 1), normals(n, 2, 2));
    expect(Math.abs(density - 1)).toBeLessThan(0.06);
    expect(Math.abs(coverage - (1 - miss))).toBeLessThan(0.02);
  });

  test('samples of one of two modes are precise but recall only half', () => {
    const modes = (n: number, seed: number, both: boolean): PlainTensor => {
      const { data, shape } = normals(n, 2, seed);
      return { data: data.map((value, i) => value + (both && Math.floor(i / 2) % 2 ? 50 : 0)), shape };
    };
    const { precision, recall, coverage } = neighbourhoods(modes(400, 1, true), modes(400, 2, false));
    expect(precision).toBeGreaterThan(0.9);
    expect(Math.abs(recall - 0.5)).toBeLessThan(0.05);
    expect(coverage).toBeLessThan(0.55);
  });

  test('more neighbours than points are refused', () => {
    expect(() => neighbourhoods(column(1, 2, 3), column(1, 2, 3), { k: 3 })).toThrow('expected 1 to 2');
  });
});
