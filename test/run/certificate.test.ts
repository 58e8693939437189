import { expect, test } from 'vitest';
import type { Particles } from '../../src/guide/smc/smc.ts';
import { certificateOf } from '../../src/run/use/given/certificate.ts';

const cloud = (effectiveSampleSize: number, scatter = 0): Particles => ({
  ...{ data: new Float32Array(0), logWeights: new Float64Array(0), shares: new Float64Array(0) },
  ...{ effectiveSampleSize, lowestShare: 0.5, origins: 200, steps: 50, evaluations: 1 },
  evidence: { logEvidence: 0, interval: [0, 0], populations: [0, scatter], gridError: 0 },
});
const advice = (of: Particles, particles: number) =>
  certificateOf(of, { method: 'smc', populations: 4, particles }).warnings.join('; ');

test('the advised particles are enough where the effective ones grow in proportion', () => {
  const asked = (particles: number) => Number(/--particles (\d+)/.exec(advice(cloud(6), particles))![1]);
  expect((6 * asked(256)) / 256).toBeGreaterThan(20);
  expect(asked(256)).toBe(2048);
});

test('advice to take more particles ends where they do not help', () => {
  // The effective size stays what it is, however many there are.
  let particles = 256;
  for (let round = 0; round < 4; round++) {
    const next = /--particles (\d+)/.exec(advice(cloud(3), particles))?.[1];
    if (next === undefined) break;
    expect(Number(next)).toBeGreaterThan(particles);
    particles = Number(next);
  }
  expect(particles).toBeLessThanOrEqual(8192);
  expect(advice(cloud(3), particles)).toMatch(/more particles would hardly help: .*errors/);
  expect(advice(cloud(500, 9), 256)).toMatch(/differ by 9\.0 nats: more particles would hardly help/);
});

test('a few steps are said to tell little of their error, where the particles hold', () => {
  const of = (steps: number, size = 500) => advice({ ...cloud(size), steps }, 256);
  expect(of(5)).toMatch(/of 5 steps halving tells little.*--steps 50/);
  expect(of(20)).toBe('');
  expect(of(5, 6)).not.toMatch(/halving/);
});
