import { describe, expect, test } from 'vitest';
import { memorisation } from '../../src/quality/index.ts';
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
