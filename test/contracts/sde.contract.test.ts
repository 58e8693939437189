import { describe, expect, it } from 'vitest';
import { schedules } from '../../schedules/index.ts';
import { sdes } from '../../sdes/index.ts';
import { makeSde, type SdeOptions } from '../../src/registry/sdes.ts';
import { defineSde, logSnr, type Sde, timeAtLogSnr, transition } from '../../src/sde/index.ts';
import { sample, sampleOptions } from '../schedules/samples.ts';

const formulas = { drift: '-0.5*(0.1 + 19.9*t)*x', diffusion: 'sqrt(0.1 + 19.9*t)' };

/** Every SDE with every schedule that fits it. */
const specs: SdeOptions[] = Object.entries(sdes).flatMap(([name, entry]): SdeOptions[] => {
  if (entry.kind === 'none') return [{ name } as SdeOptions];
  if (entry.kind === 'formulas') return [{ name, ...formulas } as SdeOptions];
  const fitting = Object.keys(schedules).filter(schedule => sample(schedule).kind === entry.kind);
  return fitting.map(
    schedule => ({ name, schedule: { name: schedule, ...sampleOptions[schedule] } }) as SdeOptions,
  );
});
const title = ({ name, schedule }: { name: string; schedule?: unknown }) =>
  `${name} ${(schedule as { name: string } | undefined)?.name ?? ''}`;
const cases = [
  ...specs.map(spec => [title(spec), () => makeSde(spec)] as const),
  ['ve with its exact variance', () => makeSde({ name: 've', exactVariance: true })] as const,
  ['vp by a formula', () => makeSde({ name: 'vp', schedule: '0.1 + 19.9*t' })] as const,
  ['ve by a formula', () => makeSde({ name: 've', schedule: '0.01*5000^t' })] as const,
];

const slope = (f: (t: number) => number, t: number, h: number) =>
  (8 * (f(t + h) - f(t - h)) - (f(t + 2 * h) - f(t - 2 * h))) / (12 * h);
/** Simpson's rule, with steps so short that it is exact up to rounding. */
const integral = (f: (t: number) => number, from: number, to: number) =>
  ((to - from) / 6) * (f(from) + 4 * f((from + to) / 2) + f(to));
const inside = (sde: Sde) =>
  Array.from({ length: 40 }, (_, i) => sde.tMin + ((sde.tMax - sde.tMin) * (i + Math.SQRT1_2)) / 40.6);

describe.each(cases)('sde %s', (_title, make) => {
  it('has the marginal that its moment equations require: m′ = f m, v′ = 2fv + g²', async () => {
    const sde = await make();
    for (const t of inside(sde)) {
      const h = 1e-4 * Math.min(t, sde.tMax - t);
      const { scale, std } = sde.marginal(t);
      const f = sde.rate(t);
      const g2 = sde.diffusion(t) ** 2;
      const dScale = slope(u => sde.marginal(u).scale, t, h);
      const dVariance = slope(u => sde.marginal(u).std ** 2, t, h);
      // Differencing itself loses eps·value/h, so the law is checked up to that.
      expect(Math.abs(dScale - f * scale), `scale at ${t}`).toBeLessThan(
        1e-6 * Math.abs(f * scale) + (1e-15 * scale) / h,
      );
      const size = 2 * Math.abs(f) * std ** 2 + g2;
      expect(Math.abs(dVariance - (2 * f * std ** 2 + g2)), `variance at ${t}`).toBeLessThan(
        1e-7 * size + 1e-15 * (std ** 2 / h),
      );
    }
  });

  it('starts at the data, loses signal to noise at every step, and ends at its prior', async () => {
    const sde = await make();
    expect(sde.marginal(0).scale).toBe(1);
    const ratios = [sde.tMin, ...inside(sde), sde.tMax].map(t => logSnr(sde, t));
    for (let k = 1; k < ratios.length; k++) expect(ratios[k]).toBeLessThan(ratios[k - 1]!);
    const { scale, std } = sde.marginal(sde.tMax);
    expect(Math.abs(sde.prior.std / std - 1)).toBeLessThan(scale < 0.5 ? 2 * scale ** 2 : 1e-12);
  });

  it('finds the time of a signal-to-noise ratio', async () => {
    const sde = await make();
    for (const t of [sde.tMin, ...inside(sde), sde.tMax]) {
      const lambda = logSnr(sde, t);
      const found = timeAtLogSnr(sde, lambda);
      expect(Math.abs(logSnr(sde, found) - lambda)).toBeLessThanOrEqual(
        1e-12 * Math.max(1, Math.abs(lambda)),
      );
    }
    expect(() => timeAtLogSnr(sde, -1e6)).toThrow(/no time has this log signal-to-noise ratio.*-1000000/);
  });

  it('has transitions that compose: s → u is s → t, then t → u', async () => {
    const sde = await make();
    const [s, t, u] = [0.2, 0.5, 0.9].map(share => sde.tMin + share * (sde.tMax - sde.tMin)) as [
      number,
      number,
      number,
    ];
    const first = transition(sde, s, t);
    const second = transition(sde, t, u);
    const whole = transition(sde, s, u);
    expect(first.scale * second.scale).toBeCloseTo(whole.scale, 13);
    expect(Math.hypot(second.scale * first.std, second.std) / whole.std).toBeCloseTo(1, 12);
    expect(transition(sde, t, t)).toEqual({ scale: 1, std: 0 });
    expect(() => transition(sde, u, s)).toThrow(/runs forward in time/);
  });

  it('has short transitions that are precise to a few ulp of the final variance and of t', async () => {
    const sde = await make();
    for (const s of inside(sde)) {
      for (const h of [1e-5, 1e-7, 1e-9, 1e-11]) {
        const t = s + h * Math.min(s, sde.tMax - s);
        const added = integral(u => sde.diffusion(u) ** 2 * Math.exp(2 * integral(sde.rate, u, t)), s, t);
        const lost = Math.abs(transition(sde, s, t).std ** 2 - added);
        const rounding = 6e-15 * sde.marginal(t).std ** 2 + 2 ** -52 * t * sde.diffusion(t) ** 2;
        expect(lost, `from ${s}, ${h} of it`).toBeLessThan(rounding);
      }
    }
  });

  it('agrees with the solution of its moment equations, computed from drift and diffusion alone', async () => {
    const sde = await make();
    const solved = defineSde({
      name: 'solved',
      drift: (x, t) => sde.rate(t) * x,
      diffusion: sde.diffusion,
      tMin: sde.tMin,
      tMax: sde.tMax,
    });
    const start = sde.marginal(0).std;
    for (const t of [sde.tMin, ...inside(sde), sde.tMax]) {
      const wanted = sde.marginal(t);
      const got = solved.marginal(t);
      expect(Math.abs(got.scale / wanted.scale - 1)).toBeLessThan(1e-10);
      expect(Math.abs(Math.hypot(got.scale * start, got.std) / wanted.std - 1)).toBeLessThan(1e-10);
    }
  });

  it('is exactly the same after a round trip through JSON', async () => {
    const sde = await make();
    const stored = JSON.parse(JSON.stringify(sde.spec));
    const again = await makeSde(stored);
    const numbers = (s: Sde) =>
      inside(s).flatMap(t => [s.rate(t), s.diffusion(t), ...Object.values(s.marginal(t))]);
    expect(numbers(again)).toEqual(numbers(sde));
    expect([again.tMin, again.tMax, again.prior]).toEqual([sde.tMin, sde.tMax, sde.prior]);
    expect(again.spec).toEqual(stored);
  });
});
