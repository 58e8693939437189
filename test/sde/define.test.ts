import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { linear } from '../../schedules/index.ts';
import { formulaSde } from '../../sdes/formula.ts';
import { rectifiedFlow } from '../../sdes/rectified-flow.ts';
import { vp } from '../../sdes/vp.ts';
import { defineSde } from '../../src/sde/index.ts';

const relative = (got: number, wanted: number) => Math.abs(got / wanted - 1);

describe('defineSde', () => {
  it('solves the Ornstein-Uhlenbeck process, from weak to very stiff', () => {
    fc.assert(
      fc.property(
        fc.double({ min: 0.01, max: 1000, noNaN: true }),
        fc.double({ min: 0.01, max: 100, noNaN: true }),
        fc.double({ min: 1e-3, max: 1, noNaN: true }),
        (k, g, t) => {
          const sde = defineSde({ name: 'ou', drift: x => -k * x, diffusion: () => g });
          const { scale, std } = sde.marginal(t);
          if (k * t < 600) expect(Math.abs(Math.log(scale) + k * t)).toBeLessThan(1e-12 * Math.max(1, k * t));
          else expect(scale).toBeLessThan(1e-250);
          expect(relative(std, g * Math.sqrt(-Math.expm1(-2 * k * t) / (2 * k)))).toBeLessThan(1e-11);
        },
      ),
      { numRuns: 60 },
    );
  });

  it('solves rates with jumps and bends to 1e-10 of the closed form', () => {
    // f jumps from −1 to −5 at t = 0.3; g² = 2 everywhere.
    const f = (t: number) => (t < 0.3 ? -1 : -5);
    const sde = defineSde({ name: 'jump', drift: (x, t) => f(t) * x, diffusion: () => Math.SQRT2 });
    const before = -Math.expm1(-2 * 0.3);
    for (const t of [0.1, 0.29999, 0.30001, 0.6, 1]) {
      const late = Math.max(0, t - 0.3);
      const variance =
        t < 0.3 ? -Math.expm1(-2 * t) : before * Math.exp(-10 * late) - Math.expm1(-10 * late) / 5;
      expect(relative(sde.marginal(t).std, Math.sqrt(variance))).toBeLessThan(1e-10);
      expect(relative(sde.marginal(t).scale, Math.exp(-Math.min(t, 0.3) - 5 * late))).toBeLessThan(1e-10);
    }
  });

  it('accepts a marginal that fits, and refuses one that does not, with the right number', () => {
    const given = vp(linear());
    const parts = {
      name: 'mine',
      drift: (x: number, t: number) => given.rate(t) * x,
      diffusion: given.diffusion,
    };
    expect(defineSde({ ...parts, marginal: given.marginal }).marginal).toBe(given.marginal);
    const wrongStd = (t: number) => ({ ...given.marginal(t), std: given.marginal(t).std ** 2 });
    expect(() => defineSde({ ...parts, marginal: wrongStd })).toThrow(
      /mine: the marginal does not belong to this drift and diffusion: std\(.*moment equations/,
    );
    const doubled = (t: number) => ({ scale: 2 * given.marginal(t).scale, std: given.marginal(t).std });
    expect(() => defineSde({ ...parts, marginal: doubled })).toThrow(/scale\(0\); got 2; expected 1/);
  });

  it('accepts the rectified flow by its drift and diffusion, and finds its straight path', () => {
    const flow = rectifiedFlow();
    const solved = defineSde({
      name: 'straight',
      drift: (x, t) => -x / (1 - t),
      diffusion: t => Math.sqrt((2 * t) / (1 - t)),
      tMax: 0.999,
    });
    for (const t of [1e-5, 1e-3, 0.5, 0.999]) {
      expect(relative(solved.marginal(t).scale, flow.marginal(t).scale)).toBeLessThan(1e-10);
      expect(relative(solved.marginal(t).std, t)).toBeLessThan(1e-10);
    }
    expect(solved.prior.std).toBeCloseTo(flow.prior.std, 10);
  });

  it.each([
    ['a drift that bends', { drift: (x: number) => -x - 0.01 * x ** 3 }, /not linear in x; got "f\(-3, /],
    ['a drift that is not 0 at 0', { drift: (x: number) => 1 - x }, /not linear in x/],
    ['a drift that is not a number', { drift: () => Number.NaN }, /not linear in x/],
    ['no noise', { diffusion: () => 0 }, /the diffusion is 0 at t = 0\.001/],
    ['a negative noise', { diffusion: (t: number) => 0.5 - t }, /the diffusion is -/],
    ['times out of order', { tMin: 2 }, /out of order; got "tMin = 2, tMax = 1"; expected 0 < tMin < tMax/],
    [
      'a pole on the way',
      { drift: (x: number, t: number) => -x / (t - 0.401) ** 2 },
      /does not converge.*near t = 0\.401/,
    ],
    ['a prior without spread', { prior: { std: 0 } }, /positive standard deviation; got 0/],
  ])('refuses %s', (_what, part, message) => {
    expect(() => defineSde({ name: 'bad', drift: x => -x, diffusion: () => 1, ...part })).toThrow(message);
  });
});

describe('formulaSde', () => {
  const texts = { drift: '-0.5*(0.1 + 19.9*t)*x', diffusion: 'sqrt(0.1 + 19.9*t)' };

  it('is vp if its formulas are those of vp', async () => {
    const sde = await formulaSde(texts);
    const wanted = vp(linear());
    for (const t of [1e-5, 1e-3, 0.2, 1]) {
      expect(relative(sde.marginal(t).scale, wanted.marginal(t).scale)).toBeLessThan(1e-12);
      expect(relative(sde.marginal(t).std, wanted.marginal(t).std)).toBeLessThan(1e-12);
      expect(sde.rate(t)).toBeCloseTo(wanted.rate(t), 12);
    }
  });

  it('refuses texts that are not formulas, x where only t is allowed, and a nonlinear drift', async () => {
    await expect(formulaSde({ ...texts, diffusion: 'x' })).rejects.toThrow(
      /"x" is not known here.*character 1/,
    );
    await expect(formulaSde({ ...texts, drift: '-x^2' })).rejects.toThrow(/not linear in x/);
    await expect(formulaSde({ drift: 'x' })).rejects.toThrow(/needs two formulas/);
    await expect(formulaSde({ ...texts, tMax: -1 })).rejects.toThrow(/out of order/);
  });
});
