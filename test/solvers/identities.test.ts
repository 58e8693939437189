import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { geometric, linear } from '../../schedules/index.ts';
import { ve } from '../../sdes/ve.ts';
import { vp } from '../../sdes/vp.ts';
import {
  ancestral,
  annealedLangevin,
  ddim,
  deis,
  dpmSolver,
  dpmSolverSde,
  euler,
  heun,
  langevin,
  none,
  reverseDiffusion,
  saSolver,
  unipc,
  withCorrector,
} from '../../solvers/index.ts';
import type { Sde } from '../../src/sde/contract.ts';
import type { PathFactory, Solver } from '../../src/solve/contract.ts';
import { problemOf } from '../../src/solve/problem.ts';
import { fromHost } from '../../src/tensor/index.ts';
import { exactTensor, inFloat64, valuesOf } from './float64.ts';
import { mixture, sdes, silent, solve, uniformTimes } from './laboratory.ts';

/** E[ε | x_t] and E[x_0 | x_t] of the mixture at one point, in float64. */
function answers(sde: Sde, x: number, t: number): { noise: number; data: number } {
  const model = mixture(sde);
  return inFloat64(() => {
    const problem = problemOf(
      sde,
      model,
      model.weights.map(({ data, shape }) => exactTensor(data, shape)),
    );
    const point = exactTensor([x], [1, 1]);
    return { noise: valuesOf(problem.noise(point, t))[0]!, data: valuesOf(problem.data(point, t))[0]! };
  });
}

const draws: PathFactory = ({ step }, shape, t, s) => ({
  increment: () =>
    fromHost(Float64Array.of(Math.sin(7 * step + 1) * Math.sqrt(Math.abs(Number(s) - Number(t)))), shape),
  normal: k => fromHost(Float64Array.of(Math.sin(7 * step + 1 + 3 * k)), shape),
});
const run = async (sde: Sde, solver: Solver, times: readonly number[], x: number, path = draws) =>
  (await solve(sde, solver, Float64Array.from(times), [x], path, mixture(sde)))[0]!;

const step = fc
  .tuple(
    fc.constantFrom(...sdes),
    fc.double({ min: -3, max: 3, noNaN: true }),
    fc.double({ min: 0.05, max: 0.95, noNaN: true }),
    fc.double({ min: 0.05, max: 0.95, noNaN: true }),
  )
  .filter(([, , t, s]) => Math.abs(t - s) > 1e-3);

describe('DDIM', () => {
  it('is the exponential Euler step of the probability flow, in both directions', async () => {
    await fc.assert(
      fc.asyncProperty(step, async ([sde, x, t, s]) => {
        const [at, to] = [sde.marginal(t), sde.marginal(s)];
        const { noise } = answers(sde, x, t);
        const wanted = to.scale * (x / at.scale + (to.std / to.scale - at.std / at.scale) * noise);
        expect(Math.abs((await run(sde, ddim(), [t, s], x)) - wanted)).toBeLessThan(
          1e-10 * (1 + Math.abs(wanted)),
        );
      }),
      { numRuns: 50 },
    );
  });

  it('equals DPM-Solver++, SDE-DPM-Solver++ without noise and DEIS at order 1', async () => {
    await fc.assert(
      fc.asyncProperty(step, async ([sde, x, t, s]) => {
        const wanted = await run(sde, ddim(), [t, s], x);
        for (const solver of [
          dpmSolver({ order: 1 }),
          dpmSolverSde({ order: 1, eta: 0 }),
          deis({ order: 1 }),
        ]) {
          expect(Math.abs((await run(sde, solver, [t, s], x)) - wanted)).toBeLessThan(
            1e-10 * (1 + Math.abs(wanted)),
          );
        }
      }),
      { numRuns: 30 },
    );
  });
});

describe('ancestral sampling', () => {
  const N = 1000;
  const beta = (k: number) => (0.1 + (19.9 * (k - 1)) / (N - 1)) / N;
  const cumulative = [1];
  for (let k = 1; k <= N; k++) cumulative.push(cumulative[k - 1]! * (1 - beta(k)));
  /** The chain of DDPM as an SDE that is known at t = k/N. */
  const chain: Sde = {
    ...vp(linear()),
    marginal: t => {
      const alpha = cumulative[Math.round(t * N)]!;
      return { scale: Math.sqrt(alpha), std: Math.sqrt(1 - alpha) };
    },
  };

  it('is the DDPM update on the DDPM table', async () => {
    for (const k of [2, 10, 500, 1000]) {
      const x = 0.7;
      const { noise } = answers(chain, x, k / N);
      const z = Math.sin(1);
      const mean = (x - (beta(k) / Math.sqrt(1 - cumulative[k]!)) * noise) / Math.sqrt(1 - beta(k));
      const variance = ((1 - cumulative[k - 1]!) / (1 - cumulative[k]!)) * beta(k);
      const got = await run(chain, ancestral(), [k / N, (k - 1) / N], x);
      expect(Math.abs(got - (mean + Math.sqrt(variance) * z))).toBeLessThan(1e-6);
    }
  });

  it('is the ancestral sampler of NCSN under VE', async () => {
    const sde = ve(geometric({ sigmaMax: 10 }));
    const [t, s, x] = [0.7, 0.6, 1.5];
    const [a, b] = [sde.marginal(t).std ** 2, sde.marginal(s).std ** 2];
    const score = -answers(sde, x, t).noise / Math.sqrt(a);
    const wanted = x + (a - b) * score + Math.sqrt((b * (a - b)) / a) * Math.sin(1);
    expect(await run(sde, ancestral(), [t, s], x)).toBeCloseTo(wanted, 10);
  });
});

describe('reverse diffusion', () => {
  it('is the published update for VP, where 1 − β is the squared ratio of scales', async () => {
    const sde = sdes[0]!;
    const [t, s, x] = [0.7, 0.69, 1.5];
    const beta = 1 - (sde.marginal(t).scale / sde.marginal(s).scale) ** 2;
    const score = -answers(sde, x, t).noise / sde.marginal(t).std;
    const wanted = (2 - Math.sqrt(1 - beta)) * x + beta * score + Math.sqrt(beta) * Math.sin(1);
    expect(await run(sde, reverseDiffusion(), [t, s], x)).toBeCloseTo(wanted, 10);
  });
});

describe('annealed Langevin dynamics', () => {
  it('is the loop of NCSN for snr = √(step_lr/2)/σ_L', async () => {
    const [levels, perLevel, rate] = [8, 3, 6.2e-6];
    const sde = ve(geometric({ sigmaMin: 0.01, sigmaMax: 10 }));
    const times = uniformTimes(levels, 1, 0.02);
    const last = sde.marginal(0).std;
    const solver = withCorrector(none(), annealedLangevin({ snr: Math.sqrt(rate / 2) / last }), {
      steps: perLevel,
    });
    let x = 2;
    for (let i = 1; i <= levels; i++) {
      const sigma = sde.marginal(times[i]!).std;
      const size = rate * (sigma / last) ** 2;
      for (let j = 1; j <= perLevel; j++) {
        const score = -answers(sde, x, times[i]!).noise / sigma;
        x += size * score + Math.sqrt(2 * size) * Math.sin(7 * (i - 1) + 1 + 3 * j);
      }
    }
    expect(await run(sde, solver, [...times], 2)).toBeCloseTo(x, 10);
  });

  it.each(sdes)(
    'is the Langevin dynamics of the corrector, whose step does not depend on the state, under $name',
    async sde => {
      const [a, b] = [langevin({ snr: 0.2 }), annealedLangevin({ snr: 0.2 })];
      for (const x of [0.3, 30])
        expect(await run(sde, a, [0.6, 0.5], x)).toBe(await run(sde, b, [0.6, 0.5], x));
    },
  );
});

/** Half-log signal-to-noise ratio, α and σ at the times of a run. */
const ratios = (sde: Sde, t: number) => {
  const { scale, std } = sde.marginal(t);
  return { lambda: Math.log(scale / std), alpha: scale, sigma: std };
};

describe('published update formulas', () => {
  const times = [0.9, 0.75, 0.5, 0.4];

  it.each(sdes)('DPM-Solver++(2M) under $name', async sde => {
    let x = 1.2;
    let former = 0;
    for (let i = 0; i < 3; i++) {
      const [p, q] = [ratios(sde, times[i]!), ratios(sde, times[i + 1]!)];
      const h = q.lambda - p.lambda;
      const m = answers(sde, x, times[i]!).data;
      const r = i === 0 ? 1 : (p.lambda - ratios(sde, times[i - 1]!).lambda) / h;
      const d = i === 0 ? m : (1 + 1 / (2 * r)) * m - (1 / (2 * r)) * former;
      x = (q.sigma / p.sigma) * x - q.alpha * Math.expm1(-h) * d;
      former = m;
    }
    expect(await run(sde, dpmSolver(), times, 1.2, silent)).toBeCloseTo(x, 9);
  });

  it.each(sdes)('DPM-Solver++ singlestep of order 3 under $name', async sde => {
    const [p, q] = [ratios(sde, 0.8), ratios(sde, 0.6)];
    const h = q.lambda - p.lambda;
    const at = (lambda: number) => {
      let [low, high] = [0.6, 0.8];
      for (let k = 0; k < 80; k++) {
        const middle = (low + high) / 2;
        if (ratios(sde, middle).lambda > lambda) low = middle;
        else high = middle;
      }
      return low;
    };
    const [t1, t2] = [at(p.lambda + h / 3), at(p.lambda + (2 * h) / 3)];
    const [a, b] = [ratios(sde, t1), ratios(sde, t2)];
    const m0 = answers(sde, 1.2, 0.8).data;
    const x1 = (a.sigma / p.sigma) * 1.2 - a.alpha * Math.expm1(-h / 3) * m0;
    const m1 = answers(sde, x1, t1).data;
    const phi22 = Math.expm1((-2 * h) / 3) / ((2 * h) / 3) + 1;
    const x2 =
      (b.sigma / p.sigma) * 1.2 - b.alpha * Math.expm1((-2 * h) / 3) * m0 + 2 * b.alpha * phi22 * (m1 - m0);
    const m2 = answers(sde, x2, t2).data;
    const phi2 = Math.expm1(-h) / h + 1;
    const wanted =
      (q.sigma / p.sigma) * 1.2 - q.alpha * Math.expm1(-h) * m0 + 1.5 * q.alpha * phi2 * (m2 - m0);
    expect(await run(sde, dpmSolver({ order: 3, singlestep: true }), [0.8, 0.6], 1.2, silent)).toBeCloseTo(
      wanted,
      9,
    );
  });

  it.each(sdes)('SDE-DPM-Solver++(2M) under $name', async sde => {
    let x = 1.2;
    let former = 0;
    for (let i = 0; i < 3; i++) {
      const [p, q] = [ratios(sde, times[i]!), ratios(sde, times[i + 1]!)];
      const h = q.lambda - p.lambda;
      const m = answers(sde, x, times[i]!).data;
      const r = i === 0 ? 1 : (p.lambda - ratios(sde, times[i - 1]!).lambda) / h;
      const d = i === 0 ? 0 : (m - former) / r;
      const gain = -q.alpha * Math.expm1(-2 * h);
      const noise = q.sigma * Math.sqrt(-Math.expm1(-2 * h)) * Math.sin(7 * i + 1);
      x = (q.sigma / p.sigma) * Math.exp(-h) * x + gain * m + 0.5 * gain * d + noise;
      former = m;
    }
    expect(await run(sde, dpmSolverSde(), times, 1.2)).toBeCloseTo(x, 9);
  });

  it.each(sdes)('UniPC of order 2 with B(h) = e^h − 1 under $name', async sde => {
    let x = 1.2;
    let m = answers(sde, x, times[0]!).data;
    let former = 0;
    for (let i = 0; i < 3; i++) {
      const [p, q] = [ratios(sde, times[i]!), ratios(sde, times[i + 1]!)];
      const hh = -(q.lambda - p.lambda);
      const phi1 = Math.expm1(hh);
      const r = i === 0 ? 0 : (ratios(sde, times[i - 1]!).lambda - p.lambda) / -hh;
      const base = (q.sigma / p.sigma) * x - q.alpha * phi1 * m;
      const d1 = i === 0 ? 0 : (former - m) / r;
      const next = answers(sde, base - q.alpha * phi1 * 0.5 * d1, times[i + 1]!).data;
      const b1 = (phi1 / hh - 1) / phi1;
      const b2 = (2 * ((phi1 / hh - 1) / hh - 0.5)) / phi1;
      // [1 1; r 1] rho = [b1 b2]
      const [rho0, rho1] = i === 0 ? [0, 0.5] : [(b1 - b2) / (1 - r), b1 - (b1 - b2) / (1 - r)];
      x = base - q.alpha * phi1 * (rho0 * d1 + rho1 * (next - m));
      former = m;
      m = next;
    }
    expect(await run(sde, unipc(), times, 1.2, silent)).toBeCloseTo(x, 9);
  });

  it('SA-Solver without noise is UniPC, and UniP of order 2 is DPM-Solver++(2M)', async () => {
    for (const sde of sdes) {
      const wanted = await run(sde, unipc(), times, 1.2, silent);
      expect(await run(sde, saSolver({ eta: 0 }), times, 1.2, silent)).toBeCloseTo(wanted, 12);
    }
  });
});

describe('withCorrector', () => {
  it('gives each of its members separate draws, and restarts the predictor after the corrector has moved x', async () => {
    const asked: string[] = [];
    const spy = (name: string): Solver => ({
      ...none(),
      name,
      noise: 'fresh',
      step: ({ x, path }) => {
        for (const k of [0, 1]) asked.push(`${name}:${valuesOf(path.normal(k))[0]}`);
        return { x };
      },
    });
    const numbered: PathFactory = (_at, shape) => ({
      increment: () => expect.fail('not asked for'),
      normal: k => fromHost(Float64Array.of(k), shape),
    });
    await run(sdes[0]!, withCorrector(spy('p'), spy('c'), { steps: 2 }), [0.9, 0.8], 1, numbered);
    expect(asked).toEqual(['p:0', 'p:3', 'c:1', 'c:4', 'c:2', 'c:5']);
    expect(new Set(asked.map(each => each.slice(2))).size).toBe(6);
  });

  it('without corrector steps equals its predictor', async () => {
    const wanted = await run(sdes[0]!, heun(), [0.9, 0.7, 0.5], 1, silent);
    expect(
      await run(sdes[0]!, withCorrector(heun(), langevin(), { steps: 0 }), [0.9, 0.7, 0.5], 1, silent),
    ).toBe(wanted);
    expect(wanted).not.toBe(await run(sdes[0]!, euler(), [0.9, 0.7, 0.5], 1, silent));
  });
});
