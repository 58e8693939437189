import { describe, expect, test } from 'vitest';
import { conditionals } from '../../src/data/units/gaussian.ts';
import { gaussianLogDensities } from '../../src/data/units/gaussian-density.ts';
import { definite, fitGaussian } from '../../src/data/units/gaussian-fit.ts';
import { makeMargin } from '../../src/data/units/margin.ts';
import { fitMargin } from '../../src/data/units/margin-fit.ts';
import { tableTransform } from '../../src/data/units/table-transform.ts';
import { cholesky } from '../../src/math/cholesky.ts';
import { logNormalCdf, logNormalQuantile, normalCdf, normalQuantile } from '../../src/math/normal.ts';
import { fillNormal, fillUniform, key } from '../../src/random/index.ts';

const normals = (count: number, name: string) => {
  const out = new Float32Array(count);
  fillNormal(out, key(3, name), { step: 0, first: 0, size: 1 });
  return Float64Array.from(out);
};

describe('the normal distribution', () => {
  // Values of Φ to 16 digits: Abramowitz and Stegun, table 26.1 and its asymptotic series.
  test.each([
    [-40, -804.6084420137539],
    [-10, -53.23128515051248],
    [-5, -15.064998393988727],
    [-1, -1.8410216450092634],
    [0, -Math.LN2],
    [0.25, -0.5129840754094305],
    [6, -9.86587645524372e-10],
  ])('log Φ(%f) has its digits', (z, expected) => {
    expect(Math.abs(logNormalCdf(z) / expected - 1)).toBeLessThan(1e-12);
  });

  test('quantiles invert it, in both tails and beyond what float64 holds', () => {
    for (let z = -37; z <= 37; z += 0.37)
      expect(normalQuantile(normalCdf(z), normalCdf(-z)), `z = ${z}`).toBeCloseTo(z, 10);
    for (const z of [-60, -45, 45, 60])
      expect(logNormalQuantile(logNormalCdf(z), logNormalCdf(-z)) / z).toBeCloseTo(1, 10);
  });
});

describe('a margin', () => {
  const margin = makeMargin({ weights: [0.6, 0.3, 0.1], means: [0, 1, 4], stds: [0.5, 1, 3] });

  test('is undone by its inverse, far into the tails', () => {
    for (let x = -60; x < 90; x += 0.83)
      expect(margin.inverse(margin.forward(x)), `x = ${x}`).toBeCloseTo(x, 8);
  });

  test('has the slope that differences show, and linear tails', () => {
    for (let x = -8; x < 20; x += 0.71) {
      const slope = (margin.forward(x + 1e-5) - margin.forward(x - 1e-5)) / 2e-5;
      expect(margin.logSlope(x)).toBeCloseTo(Math.log(slope), 6);
    }
    for (const x of [-300, 300]) expect(Math.exp(margin.logSlope(x))).toBeCloseTo(1 / 3, 2);
  });

  test('of a log-normal column is closer to it than a Gaussian, and of two peaks is a Gaussian', () => {
    const skew = normals(800, 'skew').map(Math.exp);
    expect(fitMargin(skew).weights.length).toBeGreaterThan(1);
    const peaks = normals(800, 'peaks').map((z, i) => 0.3 * z + (i % 2 ? 3 : -3));
    expect(fitMargin(peaks).weights).toEqual([1]);
  });

  test('keeps the bulk of a column with one wild value', () => {
    const wild = normals(500, 'wild');
    wild[0] = 1e4;
    const { forward } = makeMargin(fitMargin(wild));
    expect(forward(1) - forward(0)).toBeGreaterThan(0.8);
  });
});

/** Rows of a Gaussian with these covariances. */
function rowsOf(count: number, factor: Float64Array, size: number): Float64Array {
  const z = normals(count * size, 'rows');
  const out = new Float64Array(count * size);
  for (let i = 0; i < count; i++)
    for (let d = 0; d < size; d++)
      for (let k = 0; k <= d; k++) out[i * size + d]! += factor[d * size + k]! * z[i * size + k]!;
  return out;
}

describe('a Gaussian', () => {
  const covariance = Float64Array.of(2, 0.8, 0.3, 0.8, 1, -0.2, 0.3, -0.2, 0.5);
  const gaussian = { mean: Float64Array.of(1, 2, 3), covariance };

  test('splits into conditionals: log p(a, b, c) = log p(a) + log p(b | a) + log p(c | a, b)', () => {
    const of = conditionals(gaussian);
    const x = [0.3, 2.5, 2.9];
    const term = (states: number[]) => {
      const { generated, known, factor, regression } = of(Uint8Array.from(states));
      const [d] = generated as [number];
      const mean = known.reduce(
        (sum, k, j) => sum + regression[j]! * (x[k]! - gaussian.mean[k]!),
        gaussian.mean[d]!,
      );
      return -0.5 * ((x[d]! - mean) / factor[0]!) ** 2 - Math.log(factor[0]!) - 0.5 * Math.log(2 * Math.PI);
    };
    const whole = gaussianLogDensities(gaussian, Float64Array.from(x))[0]!;
    expect(term([0, 2, 2]) + term([1, 0, 2]) + term([1, 1, 0])).toBeCloseTo(whole, 12);
    expect(term([2, 2, 0]) + term([2, 0, 1]) + term([0, 1, 1])).toBeCloseTo(whole, 12);
  });

  test('is found from rows of which a third is missing', () => {
    const rows = rowsOf(
      4000,
      cholesky(3, (i, j) => covariance[i * 3 + j]!),
      3,
    );
    const u = new Float64Array(rows.length);
    fillUniform(u, key(1, 'holes'), { step: 0, first: 0, size: 1 });
    const holes = rows.map((value, i) => (u[i]! < 0.33 ? Number.NaN : value));
    const { mean, covariance: found } = fitGaussian(holes, 3);
    for (const value of mean) expect(Math.abs(value)).toBeLessThan(0.08);
    for (let i = 0; i < 9; i++) expect(Math.abs(found[i]! - covariance[i]!)).toBeLessThan(0.12);
  });

  test('is definite, and almost as it was, where rows leave a direction or a column without variance', () => {
    const z = normals(60, 'singular');
    // c = a + b; d is the same in all rows; there are fewer rows than a covariance of six columns needs.
    const rows = Float64Array.from({ length: 5 * 6 }, (_, at) => {
      const [row, d] = [Math.floor(at / 6), at % 6];
      const [a, b] = [z[row]!, z[20 + row]!];
      return [a, b, a + b, 7, z[40 + row]!, 2 * a - b][d]!;
    });
    const found = fitGaussian(rows, 6);
    const fixed = definite(found, 0);
    const std = (d: number) => Math.sqrt(found.covariance[7 * d]! || 1);
    for (let at = 0; at < 36; at++) {
      const expected = at === 7 * 3 ? 1 : found.covariance[at]!;
      const unit = std(Math.floor(at / 6)) * std(at % 6);
      expect(Math.abs(fixed.covariance[at]! - expected) / unit).toBeLessThan(1e-6);
    }
    const margin = { weights: [1], means: [0], stds: [1] };
    const cells = Array.from({ length: 6 }, () => ({ kind: 'number' as const, margin }));
    const json = (g: typeof fixed) => ({ mean: [...g.mean], covariance: [...g.covariance] });
    expect(() => tableTransform({ cells, gaussian: json(found) })).toThrow(/positive definite/);
    expect(() => tableTransform({ cells, gaussian: json(fixed) })).not.toThrow();
  });
});

describe('the transform of a table', () => {
  const transform = tableTransform({
    cells: [
      {
        kind: 'number',
        margin: { weights: [1], means: [10], stds: [2] },
        grid: { step: 1, decimals: 0, offset: 0 },
      },
      { kind: 'category', probabilities: [0.5, 0.3, 0.2] },
      { kind: 'number', margin: { weights: [0.5, 0.5], means: [0, 1], stds: [1, 2] } },
    ],
    gaussian: { mean: [0, 0, 0, 0], covariance: [1, 0, 0, 0.5, 0, 1, 0, 0, 0, 0, 1, 0, 0.5, 0, 0, 1] },
  });
  const x = Float64Array.of(9, 2, 0.7, 12, 0, -1.4, 7, 1, Number.NaN);
  const u = new Float64Array(12);
  fillUniform(u, key(0, 'u'), { step: 0, first: 0, size: 4 });

  test('takes cells to points and back, missing ones too', () => {
    const points = transform.spread(x, u);
    expect(transform.settle(points)).toEqual(x);
    const z = transform.forward(points, new Float64Array(12));
    const back = transform.inverse(z, new Float64Array(12));
    points.forEach((point, i) => {
      if (!Number.isNaN(point)) expect(back[i]).toBeCloseTo(point, 9);
    });
  });

  test('leaves known cells alone when it writes what is generated', () => {
    const points = transform.spread(x, u);
    const states = transform.states(Uint8Array.of(1, 0, 0));
    const z = transform.forward(points, new Float64Array(12), states);
    expect([z[0], z[4], z[8]]).toEqual([0, 0, 0]);
    const out = Float64Array.from(points, value => (Number.isNaN(value) ? 0 : value));
    transform.inverse(z, out, states);
    expect(out[0]).toBe(points[0]);
    expect(out[3]).toBeCloseTo(points[3]!, 9);
  });

  test('every point belongs to a category, and the bound of a frequency is tight', () => {
    const count = 4000;
    const frequencies = [0.5, 0.3, 0.2];
    const z = normals(2 * count, 'codes');
    const { nearest } = { nearest: (v: Float64Array) => transform.cells[1]!.settle(v) };
    for (let i = 0; i < count; i++)
      expect([0, 1, 2]).toContain(nearest(z.subarray(2 * i, 2 * i + 2).map(value => 3 * value)));
    // Under p(v) = Σ π_k q(v | k), E_q[log p(v) + log P(k | v) − log q(v | k)] = log π_k.
    const cell = transform.cells[1]!;
    const draws = new Float64Array(2 * count);
    fillUniform(draws, key(0, 'draws'), { step: 0, first: 0, size: 2 });
    for (const [k, frequency] of frequencies.entries()) {
      let sum = 0;
      for (let i = 0; i < count; i++) {
        const v = new Float64Array(2);
        cell.spread(k, draws.subarray(2 * i, 2 * i + 2), v);
        const marginal = frequencies.map((p, j) => Math.log(p) + logDensityOf(j, v));
        const most = Math.max(...marginal);
        const logP = most + Math.log(marginal.reduce((total, term) => total + Math.exp(term - most), 0));
        sum += logP + cell.logCell(k, v);
      }
      expect(Math.abs(sum / count - Math.log(frequency))).toBeLessThan(1e-9);
    }
  });
});

/** log N(v; c_k, 0.3² I) for the code words ±√(1 − 0.3²). */
function logDensityOf(k: number, v: Float64Array): number {
  return [0, 1].reduce((sum, bit) => {
    const word = (k >> bit) & 1 ? Math.sqrt(0.91) : -Math.sqrt(0.91);
    return sum - 0.5 * ((v[bit]! - word) / 0.3) ** 2 - Math.log(0.3) - 0.5 * Math.log(2 * Math.PI);
  }, 0);
}
