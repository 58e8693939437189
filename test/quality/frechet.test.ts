import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { writeNpz } from '../../src/files/index.ts';
import { symmetricEigenvalues } from '../../src/math/eigenvalues.ts';
import { symmetricEigen } from '../../src/math/eigenvectors.ts';
import {
  featureStatistics,
  frechetDistance,
  readStatistics,
  type Statistics,
  writeStatistics,
} from '../../src/quality/index.ts';
import { normals } from './support.ts';

const sorted = (values: Float64Array) => Float64Array.from(values).sort();
const entry = fc.double({ min: -3, max: 3, noNaN: true });
const square = fc.integer({ min: 1, max: 9 }).chain(n =>
  fc.array(entry, { minLength: n * n, maxLength: n * n }).map(values => ({
    n,
    matrix: Float64Array.from(values, (value, i) => value + values[(i % n) * n + Math.floor(i / n)]!),
  })),
);

describe('eigenvalues of symmetric matrices', () => {
  test('are those of Jacobi rotations', () => {
    fc.assert(
      fc.property(square, ({ n, matrix }) => {
        const wanted = sorted(symmetricEigen(matrix, n).values);
        expect(sorted(symmetricEigenvalues(matrix, n))).toBeAllClose(wanted, 1e-12);
      }),
      { numRuns: 300 },
    );
  });

  test('are right with denormal entries: 1e-322 rotates nothing', () => {
    const [a, b] = [2.9995, 0.0345];
    const matrix = Float64Array.of(1e-260, a, b, a, 1e-322, 4e-323, b, 4e-323, 1.8e-322);
    const wanted = Float64Array.of(-Math.hypot(a, b), 0, Math.hypot(a, b));
    expect(sorted(symmetricEigenvalues(matrix, 3))).toBeAllClose(wanted, 1e-14);
  });

  test('of the second difference are 2 − 2cos(πk/(n+1)), also in a large matrix', () => {
    const n = 150;
    const matrix = new Float64Array(n * n);
    for (let i = 0; i < n; i++) {
      matrix[i * n + i] = 2;
      if (i > 0) matrix[i * n + i - 1] = matrix[(i - 1) * n + i] = -1;
    }
    const wanted = Float64Array.from(
      { length: n },
      (_, k) => 2 - 2 * Math.cos((Math.PI * (k + 1)) / (n + 1)),
    );
    expect(sorted(symmetricEigenvalues(matrix, n))).toBeAllClose(wanted, 1e-13);
  });

  test.each([
    ['zeros', new Float64Array(16), [0, 0, 0, 0]],
    ['ones, of rank one', new Float64Array(16).fill(1), [0, 0, 0, 4]],
    [
      'a multiple of the identity',
      Float64Array.from({ length: 16 }, (_, i) => (i % 5 === 0 ? 3 : 0)),
      [3, 3, 3, 3],
    ],
  ])('of %s', (_what, matrix, wanted) => {
    expect(sorted(symmetricEigenvalues(matrix, 4))).toBeAllClose(wanted, 1e-14);
  });
});

const gaussian = (mean: number[], covariance: number[]): Statistics => ({
  mean: Float64Array.from(mean),
  covariance: Float64Array.from(covariance),
});

/** AAᵀ + λI, positive definite */
const definite = (n: number) =>
  fc.array(entry, { minLength: n * n, maxLength: n * n }).map(a => {
    const out = new Float64Array(n * n);
    for (let i = 0; i < n; i++)
      for (let j = 0; j < n; j++) {
        out[i * n + j] = i === j ? 0.1 : 0;
        for (let k = 0; k < n; k++) out[i * n + j]! += a[i * n + k]! * a[j * n + k]!;
      }
    return out;
  });

describe('Fréchet distance of Gaussians', () => {
  test('of diagonal ones is |Δμ|² + Σ(σ₁ − σ₂)²', () => {
    const [a, b] = [gaussian([1, 2], [4, 0, 0, 9]), gaussian([0, 4], [1, 0, 0, 16])];
    expect([frechetDistance(a, b)]).toBeAllClose([1 + 4 + (2 - 1) ** 2 + (3 - 4) ** 2], 1e-14);
  });

  test('in two dimensions: tr(Σ₁Σ₂)^½ = (tr Σ₁Σ₂ + 2(det Σ₁Σ₂)^½)^½, also if the two do not commute', () => {
    fc.assert(
      fc.property(definite(2), definite(2), (p, q) => {
        const det = (m: Float64Array) => m[0]! * m[3]! - m[1]! * m[2]!;
        const product = p[0]! * q[0]! + 2 * p[1]! * q[1]! + p[3]! * q[3]!;
        const root = Math.sqrt(product + 2 * Math.sqrt(det(p) * det(q)));
        const wanted = p[0]! + p[3]! + q[0]! + q[3]! - 2 * root;
        const zero = new Float64Array(2);
        expect([frechetDistance({ mean: zero, covariance: p }, { mean: zero, covariance: q })]).toBeAllClose(
          [wanted],
          1e-7,
        );
      }),
    );
  });

  test('is 0 from itself, symmetric, and quadratic in the scale', () => {
    fc.assert(
      fc.property(definite(4), definite(4), (p, q) => {
        const [a, b] = [gaussian([1, 2, 3, 4], [...p]), gaussian([0, 0, 1, 1], [...q])];
        const scaled = ({ mean, covariance }: Statistics) => ({
          mean: mean.map(value => 3 * value),
          covariance: covariance.map(value => 9 * value),
        });
        const distance = frechetDistance(a, b);
        expect([
          frechetDistance(a, a),
          frechetDistance(b, a),
          frechetDistance(scaled(a), scaled(b)),
        ]).toBeAllClose([0, distance, 9 * distance], 1e-7);
      }),
    );
  });

  test('with covariances of low rank, as for fewer points than features, in the known case Σ₂ = c²Σ₁', () => {
    const features = normals(5, 12, 3);
    const { mean, covariance } = featureStatistics(features);
    const wide = { mean, covariance: covariance.map(value => 4 * value) };
    const trace = covariance.reduce((sum, value, i) => (i % 13 === 0 ? sum + value : sum), 0);
    expect([frechetDistance({ mean, covariance }, wide)]).toBeAllClose([trace], 1e-6);
  });

  test('equals the published procedure, scipy.linalg.sqrtm of the product, for 6 features', () => {
    // x[i, d] = sin(1.3 i + 0.7 d²) + 0.1 d, y[i, d] = cos(0.9 i d + 0.2 i) for i < 40, d < 6, computed in
    // float32; numpy.cov and scipy 1.x: see scripts/frechet-oracle.py
    const make = (value: (i: number, d: number) => number) => ({
      data: Float32Array.from({ length: 240 }, (_, at) => value(Math.floor(at / 6), at % 6)),
      shape: [40, 6],
    });
    const x = make((i, d) => Math.sin(1.3 * i + 0.7 * d * d) + 0.1 * d);
    const y = make((i, d) => Math.cos(0.9 * i * d + 0.2 * i));
    expect([frechetDistance(featureStatistics(x), featureStatistics(y))]).toBeAllClose(
      [3.1036213504948407],
      1e-6,
    );
  });
});

describe('statistics', () => {
  test('are the moments of the law of the draws', () => {
    const { mean, covariance } = featureStatistics(normals(100_000, 2, 1, 3, 2));
    expect(mean).toBeAllClose([3, 3], 0.01);
    expect(covariance).toBeAllClose([4, 0, 0, 4], 0.03);
  });

  test('by hand: the divisor is n − 1', () => {
    const { mean, covariance } = featureStatistics({ data: Float32Array.of(1, 10, 3, 14), shape: [2, 2] });
    expect([...mean]).toEqual([2, 12]);
    expect([...covariance]).toEqual([2, 4, 4, 8]);
  });

  test('come back from their file bit for bit', () => {
    const statistics = featureStatistics(normals(50, 4, 2));
    expect(readStatistics(writeStatistics(statistics), 's.npz')).toEqual(statistics);
  });

  const file = (mu: number[], sigma: number[], shape: number[]) =>
    writeNpz({
      mu: { data: Float64Array.from(mu), shape: [mu.length] },
      sigma: { data: Float64Array.from(sigma), shape },
    });

  test.each([
    ['another shape', file([1, 2], [1, 2, 3], [3]), 'mu and sigma do not fit; got "[2] and [3]"'],
    ['not a number', file([1, NaN], [1, 0, 0, 1], [2, 2]), 'a value that is not finite'],
    ['no symmetry', file([1, 2], [1, 0.5, 0, 1], [2, 2]), 'element [1, 0]: sigma is not symmetric'],
    ['other arrays', writeNpz({ x: { data: Float64Array.of(1), shape: [1] } }), 'expected mu and sigma'],
  ])('with %s are refused', (_what, bytes, message) => {
    expect(() => readStatistics(bytes, 's.npz')).toThrow(message);
  });
});
