import { describe, expect, test } from 'vitest';
import { askedMixture } from '../../src/data/units/asked-mixture.ts';
import { type Gaussian, STATES } from '../../src/data/units/gaussian.ts';
import { fitGaussian } from '../../src/data/units/gaussian-fit.ts';
import { type GaussianMixture, mixtureLogDensities } from '../../src/data/units/mixture.ts';
import { fitMixture } from '../../src/data/units/mixture-fit.ts';
import { tableTransform } from '../../src/data/units/table-transform.ts';
import { isPositiveDefinite } from '../../src/math/cholesky.ts';
import { meanOf } from '../../src/math/mean.ts';
import { fillNormal, fillUniform, key } from '../../src/random/index.ts';

/** The mean and the covariance of a mixture. */
function momentsOfMixture({ weights, components }: GaussianMixture): Gaussian {
  const size = components[0]!.mean.length;
  const mean = new Float64Array(size);
  for (const [k, component] of components.entries())
    for (let d = 0; d < size; d++) mean[d]! += weights[k]! * component.mean[d]!;
  const covariance = new Float64Array(size * size);
  for (const [k, component] of components.entries())
    for (let i = 0; i < size; i++)
      for (let j = 0; j < size; j++) {
        const square = (component.mean[i]! - mean[i]!) * (component.mean[j]! - mean[j]!);
        covariance[i * size + j]! += weights[k]! * (component.covariance[i * size + j]! + square);
      }
  return { mean, covariance };
}

const normals = (count: number, stream: string) => {
  const data = new Float32Array(2 * count);
  fillNormal(data, key(7, stream), { step: 0, first: 0, size: 2 });
  return Float64Array.from(data);
};

const [NaN_] = [Number.NaN];
const apart = Float64Array.from([
  ...normals(3000, 'a').map(v => 0.3 * v - 1),
  ...normals(1000, 'b').map(v => 0.2 * v + 1),
]);

describe('a fitted mixture', () => {
  test('has the density of two groups apart, and their weights', () => {
    const mixture = fitMixture(apart, 2, { components: 2 }, key(0, 'mixture'));
    expect([...mixture.weights].sort()[0]!).toBeCloseTo(0.25, 2);
    const peak = (weight: number, std: number) => Math.log(weight / (2 * Math.PI * (std ** 2 + 1e-3)));
    const [first, second] = mixtureLogDensities(mixture, Float64Array.of(-1, -1, 1, 1));
    expect(Math.abs(first! - peak(0.75, 0.3))).toBeLessThan(0.1);
    expect(Math.abs(second! - peak(0.25, 0.2))).toBeLessThan(0.15);
  });

  test('finds them behind missing values', () => {
    const u = new Float64Array(apart.length);
    fillUniform(u, key(1, 'missing'), { step: 0, first: 0, size: 2 });
    const rows = apart.map((value, i) => (u[i]! < 0.3 ? NaN_ : value));
    const { weights, components } = fitMixture(rows, 2, { components: 2 }, key(0, 'mixture'));
    const small = weights[0]! < weights[1]! ? 0 : 1;
    expect(weights[small]!).toBeCloseTo(0.25, 1);
    for (const value of components[small]!.mean) expect(value).toBeCloseTo(1, 1);
    for (const value of components[1 - small]!.mean) expect(value).toBeCloseTo(-1, 1);
  });

  test('of one component is the Gaussian of the points, and so are the moments of several', () => {
    const gaussian = fitGaussian(apart, 2);
    for (const components of [1, 3]) {
      const { mean, covariance } = momentsOfMixture(fitMixture(apart, 2, { components }, key(0, 'mixture')));
      // 10⁻³ is added to each variance.
      mean.forEach((value, d) => void expect(value).toBeCloseTo(gaussian.mean[d]!, 6));
      covariance.forEach((value, i) => {
        expect(value - (i % 3 === 0 ? 1e-3 : 0)).toBeCloseTo(gaussian.covariance[i]!, 6);
      });
    }
  });

  test('has one covariance where all of it is common', () => {
    const { components } = fitMixture(apart, 2, { components: 3, share: 1 }, key(0, 'mixture'));
    for (const { covariance } of components) expect(covariance).toEqual(components[0]!.covariance);
  });
});

describe('the conditional of a mixture', () => {
  const mixture: GaussianMixture = {
    weights: [0.3, 0.7],
    components: [
      { mean: Float64Array.of(-1, 0.5), covariance: Float64Array.of(1, 0.6, 0.6, 0.8) },
      { mean: Float64Array.of(0.8, -1), covariance: Float64Array.of(0.5, -0.2, -0.2, 0.3) },
    ],
  };
  const density = (...values: number[]) => mixtureLogDensities(mixture, Float64Array.from(values))[0]!;

  test('is its joint density over that of what is known', () => {
    for (const [a, b] of [
      [0.2, 0.1],
      [-1.5, 2],
      [3, -0.7],
    ] as const) {
      const states = Uint8Array.of(STATES.known, STATES.generated);
      const asked = askedMixture(mixture)(states, Float64Array.of(a, 0));
      const terms = asked.map(({ logWeight, mean, eigen }) => {
        const at = eigen.vectors[2] === 0 ? 1 : 0;
        const variance = eigen.values[at]!;
        return logWeight - 0.5 * ((b - mean[1]!) ** 2 / variance + Math.log(2 * Math.PI * variance));
      });
      const logSum = Math.log(terms.reduce((sum, term) => sum + Math.exp(term), 0));
      expect(logSum).toBeCloseTo(density(a, b) - density(a, NaN_), 10);
      expect(meanOf(asked.map(each => each.mean[0]!))).toBe(0);
    }
  });
});

test.each<[string, number[], boolean]>([
  ['one with a large entry beside its diagonal', [1, 5, 0, 5, 1, 0, 0, 0, 1], false],
  ['one of dependent columns', [1, 1, 0, 1, 1, 0, 0, 0, 1], true],
  ['one with a NaN', [1, Number.NaN, 0, Number.NaN, 1, 0, 0, 0, 1], false],
])('whether a matrix can be a covariance: %s', (_, matrix, expected) => {
  expect(isPositiveDefinite(3, (i, j) => matrix[3 * i + j]!)).toBe(expected);
});

test.each<[string, object, RegExp]>([
  [
    'a covariance that is none',
    {
      covariances: [
        [1, 5, 5, 1],
        [1, 0, 0, 1],
      ],
    },
    /symmetric and positive definite/,
  ],
  [
    'a negative variance',
    {
      covariances: [
        [-1, 0, 0, 1],
        [1, 0, 0, 1],
      ],
    },
    /symmetric and positive definite/,
  ],
  ['weights without the sum 1', { weights: [5, 5] }, /do not sum to 1/],
  ['a component too few', { means: [[0, 0]] }, /does not fit the cells/],
])('a configuration with %s is refused', (_, part, message) => {
  const margin = { weights: [1], means: [0], stds: [1] };
  const whole = {
    cells: [0, 1].map(() => ({ kind: 'number' as const, margin })),
    gaussian: { mean: [0, 0], covariance: [1, 0, 0, 1] },
    mixture: {
      weights: [0.5, 0.5],
      means: [
        [0, 0],
        [1, 1],
      ],
      covariances: [
        [1, 0, 0, 1],
        [1, 0, 0, 1],
      ],
      ...part,
    },
  };
  expect(() => tableTransform(whole)).toThrow(message);
});
