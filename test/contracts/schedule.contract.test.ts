import { readdirSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { betaSchedules, schedules, sigmaSchedules } from '../../schedules/index.ts';
import { subVp } from '../../sdes/sub-vp.ts';
import { ve } from '../../sdes/ve.ts';
import { vp } from '../../sdes/vp.ts';
import { makeSchedule } from '../../src/registry/schedules.ts';
import type { Schedule } from '../../src/sde/index.ts';
import { sample, sampleOptions } from '../schedules/samples.ts';

/** Times that look irrational, so that none is at the knot of a table or the clip of the cosine. */
const times = Array.from({ length: 60 }, (_, i) => 1e-3 + (i + Math.SQRT1_2) / 60.3);

const slope = (f: (t: number) => number, t: number) => {
  const h = 1e-4 * Math.min(t, 1);
  return (8 * (f(t + h) - f(t - h)) - (f(t + 2 * h) - f(t - 2 * h))) / (12 * h);
};

describe.each(Object.keys(schedules))('schedule %s', name => {
  const schedule = sample(name);

  it('has the name of its registry entry and the kind of its table', () => {
    expect(schedule.name).toBe(name);
    expect(schedule.kind).toBe(name in betaSchedules ? 'beta' : 'sigma');
    expect(name in betaSchedules).not.toBe(name in sigmaSchedules);
  });

  it('satisfies its differential law: (∫β)′ = β, or (σ²)′ is the declared derivative', () => {
    for (const t of times) {
      const [got, wanted] =
        schedule.kind === 'beta'
          ? [schedule.beta(t), slope(schedule.integral, t)]
          : [schedule.dSigma2(t), slope(u => schedule.sigma(u) ** 2, t)];
      expect(Math.abs(got / wanted - 1), `at t = ${t}`).toBeLessThan(1e-7);
    }
  });

  it('starts and stays in the range that a diffusion can use', () => {
    if (schedule.kind === 'beta') expect(schedule.integral(0)).toBe(0);
    for (const t of [0, ...times, 1]) {
      const positive = schedule.kind === 'beta' ? schedule.beta(t) : schedule.sigma(t);
      expect(positive).toBeGreaterThan(0);
      expect(positive).toBeLessThan(Number.POSITIVE_INFINITY);
    }
  });

  it('has a strictly falling signal-to-noise ratio', () => {
    const sdes = schedule.kind === 'beta' ? [vp(schedule), subVp(schedule)] : [ve(schedule)];
    for (const { marginal } of sdes) {
      const ratios = Array.from({ length: 1000 }, (_, k) => marginal((k + 1) / 1000)).map(
        m => m.scale / m.std,
      );
      expect(ratios.findIndex((ratio, k) => k > 0 && !(ratio < ratios[k - 1]!))).toBe(-1);
    }
  });

  it('is exactly the same after a round trip through JSON', async () => {
    const again = await makeSchedule(JSON.parse(JSON.stringify(schedule.spec)), schedule.kind);
    const numbers = (s: Schedule) =>
      times.flatMap(t => (s.kind === 'beta' ? [s.beta(t), s.integral(t)] : [s.sigma(t), s.dSigma2(t)]));
    expect(numbers(again)).toEqual(numbers(schedule));
    expect(again.spec).toEqual(schedule.spec);
  });

  it('is frozen, and refuses an unknown option', () => {
    expect(Object.isFrozen(schedule)).toBe(true);
    expect(() => sample(name, { ...sampleOptions[name], wobble: 1 })).toThrow(
      /Unknown option of .* "wobble"/,
    );
  });
});

it('every file of the room is in the registry, under its own name', () => {
  const files = readdirSync(new URL('../../schedules', import.meta.url));
  const names = files.filter(file => file !== 'index.ts').map(file => file.replace(/\.ts$/, ''));
  // A formula schedule is made from its text, asynchronously, and needs the kind. The registry knows it by
  // this name.
  expect([...Object.keys(schedules), 'formula'].sort()).toEqual(names.sort());
});
