import { describe, expect, it } from 'vitest';
import { deis } from '../../solvers/index.ts';
import { type GridName, makeGrid } from '../../src/registry/grids.ts';
import { makeSolver } from '../../src/registry/solvers.ts';
import type { Grid } from '../../src/solve/contract.ts';
import { grids, timesOf } from '../../src/solve/grids.ts';
import { sample, transport } from '../../src/solve/sample.ts';
import { exactTensor, float64Engine, inFloat64, valuesOf } from '../solvers/float64.ts';
import { gaussian, lawAt, sdes } from '../solvers/laboratory.ts';

const sde = sdes[0]!;
/** An even grid from `start` to `end`, whatever the arguments. */
const own =
  (start: number, end: number, most = Infinity): Grid =>
  (_sde, steps) =>
    Float64Array.from(
      { length: Math.min(steps, most) + 1 },
      (_, i) => start + ((end - start) * i) / Math.min(steps, most),
    );
const options = { engine: float64Engine, sde, model: gaussian(sde), solver: makeSolver('heun'), steps: 40 };
const deviation = (x: ArrayLike<number>) => {
  const mean = Array.from(x).reduce((sum, value) => sum + value, 0) / x.length;
  return Math.sqrt(Array.from(x).reduce((sum, value) => sum + (value - mean) ** 2, 0) / x.length);
};

describe('a grid of your own is checked against the SDE and the steps', () => {
  it.each([
    ['starts early', own(0.5, 1e-3), /does not start where the solve does; got 0.5; expected 1/],
    ['starts late', own(1.5, 1e-3), /does not start where the solve does; got 1.5; expected 1/],
    [
      'ends where no noise is left',
      own(1, 0),
      /does not end where the solve can; got 0; expected a time above 0/,
    ],
    ['ends below 0', own(1, -0.1), /does not end where the solve can/],
    ['has too few times', own(1, 1e-3, 20), /got 21; expected 41 for 40 steps/],
    ['rises', own(1e-3, 1), /not strictly monotone/],
    ['is not a number', own(1, Number.NaN), /not strictly monotone/],
  ])('one that %s is refused', async (_what, grid, message) => {
    await expect(sample({ ...options, grid, count: 4 })).rejects.toThrow(message);
  });

  it('must reach the noise itself if it leads there', async () => {
    const x = { data: Float32Array.of(0.2), shape: [1, 1] };
    await expect(transport({ ...options, grid: own(1e-3, 0.5) }, x, 'encode')).rejects.toThrow(/end where/);
    await expect(transport({ ...options, grid: own(0.3, 1) }, x, 'encode')).rejects.toThrow(/start where/);
  });

  it.each(Object.keys(grids) as GridName[])('%s fits every SDE', name => {
    for (const each of sdes)
      for (const steps of [2, 7, 40]) {
        const { tMin, tMax } = each;
        expect(timesOf(each, makeGrid(name), steps, tMax, tMin)).toHaveLength(steps + 1);
      }
  });
});

it.each([0.3, 0.1, 1e-3])(
  'a grid that ends at %f is denoised there: the result has the law of E[x₀ | x]',
  async end => {
    const { data } = await sample({ ...options, grid: own(1, end), count: 4000 });
    const { scale, std } = sde.marginal(end);
    // Data with standard deviation 0.5: the posterior mean has the share α²·0.25/(α²·0.25 + σ²) of their
    // variance.
    const kept = (scale * 0.5) ** 2 / lawAt(sde, end).variance;
    expect(std).toBeGreaterThan(0);
    expect(deviation(data) / (0.5 * Math.sqrt(kept))).toBeCloseTo(1, 1);
  },
);

describe.each(sdes)('deis on coarse grids under $name', each => {
  it.each(['uniform', 'quadratic', 'log-snr'] as const)(
    'stays in the range of the data from one step on, %s',
    async name => {
      const grid = makeGrid(name);
      const model = gaussian(each, { mean: 0, std: 1 });
      for (const steps of [1, 2, 3, 4]) {
        const solver = makeSolver('deis');
        const { data } = await sample({
          engine: float64Engine,
          sde: each,
          model,
          solver,
          grid,
          steps,
          count: 500,
        });
        expect(deviation(data)).toBeLessThan(1.5);
      }
    },
  );

  it('integrates a predicted noise that is quadratic in t exactly up to rounding, for any step length', () => {
    const noise = (t: number) => 1 - 3 * t + 2 * t * t;
    const [t, s, past] = [0.9 * each.tMax, each.tMin, [0.95 * each.tMax, each.tMax]];
    const rho = (at: number) => each.marginal(at).std / each.marginal(at).scale;
    // By parts, and Simpson's rule in √t: ∫ρ′ε dt = [ρε] − ∫ρε′ dt.
    const n = 200_000;
    const [a, b] = [Math.sqrt(t), Math.sqrt(s)];
    let rest = 0;
    for (let i = 0; i <= n; i++) {
      const u = a + ((b - a) * i) / n;
      const weight = i === 0 || i === n ? 1 : i % 2 === 0 ? 2 : 4;
      rest += weight * rho(u * u) * (4 * u * u - 3) * 2 * u;
    }
    const integral = rho(s) * noise(s) - rho(t) * noise(t) - (rest * (b - a)) / (3 * n);
    const wanted = each.marginal(s).scale * (0.7 / each.marginal(t).scale + integral);
    const one = (value: number) => exactTensor([value], [1, 1]);
    const got = inFloat64(() => {
      const problem = { sde: each, noise: (_x: unknown, at: number) => one(noise(at)) };
      const path = { increment: () => one(0), normal: () => one(0) };
      const args = {
        problem: problem as never,
        x: one(0.7),
        t,
        s,
        past,
        state: past.map(at => one(noise(at))),
        path,
      };
      return valuesOf(deis().step(args).x)[0]!;
    });
    expect(Math.abs(got / wanted - 1)).toBeLessThan(1e-9);
  });
});
