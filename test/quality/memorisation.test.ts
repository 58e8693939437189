import { describe, expect, test } from 'vitest';
import { fitMixture, memorisation } from '../../src/quality/index.ts';
import { fillNormal, key } from '../../src/random/index.ts';

const normals = (count: number, stream: string) => {
  const data = new Float32Array(2 * count);
  fillNormal(data, key(7, stream), { step: 0, first: 0, size: 2 });
  return { data: Float64Array.from(data), shape: [count, 2] };
};

describe('memorisation', () => {
  const [training, heldOut] = [normals(300, 'training'), normals(200, 'held out')];

  test('is ½ for fresh samples of the law, within four standard errors', () => {
    const { share, standardError } = memorisation(training, heldOut, normals(400, 'samples'));
    expect(Math.abs(share - 0.5)).toBeLessThan(4 * standardError);
  });

  test('is 1 for copies of training rows, and above ½ for rows near them', () => {
    expect(memorisation(training, heldOut, training).share).toBe(1);
    const near = { ...training, data: training.data.map((value, i) => value + 0.02 * ((i % 3) - 1)) };
    expect(memorisation(training, heldOut, near).share).toBeGreaterThan(0.75);
  });

  test('is 0 for samples far from all rows, and counts ties half', () => {
    const far = { ...heldOut, data: heldOut.data.map(value => value + 100) };
    expect(memorisation(training, heldOut, far).share).toBe(0);
    expect(memorisation(training, heldOut, heldOut).share).toBeCloseTo(0.5, 12);
  });
});

describe('a fitted mixture', () => {
  test('has the density of two groups apart, and their weights', () => {
    const [a, b] = [normals(3000, 'a').data, normals(1000, 'b').data];
    const points = Float64Array.from([...a.map(v => 0.3 * v - 1), ...b.map(v => 0.2 * v + 1)]);
    const mixture = fitMixture(points, 2, 2, key(0, 'mixture'));
    expect([...mixture.weights].sort()[0]!).toBeCloseTo(0.25, 2);
    const at = Float64Array.of(-1, -1, 1, 1);
    const peak = (weight: number, std: number) => Math.log(weight / (2 * Math.PI * (std ** 2 + 1e-3)));
    const [first, second] = mixture.logDensities(at);
    expect(Math.abs(first! - peak(0.75, 0.3))).toBeLessThan(0.1);
    expect(Math.abs(second! - peak(0.25, 0.2))).toBeLessThan(0.15);
  });

  test('of one component is the Gaussian of the points', () => {
    const { data } = normals(2000, 'one');
    const { logDensities } = fitMixture(data, 2, 1, key(0, 'mixture'));
    const mean = logDensities(data).reduce((sum, value) => sum + value / 2000, 0);
    expect(Math.abs(mean + Math.log(2 * Math.PI) + 1)).toBeLessThan(0.05);
  });
});
