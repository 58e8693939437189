import { geometric, linear } from '../../schedules/index.ts';
import { gaussianModel } from '../../src/score/analytic/index.ts';
import type { ScoreModel } from '../../src/score/contract.ts';
import type { Sde } from '../../src/sde/contract.ts';
import { subVp } from '../../src/sde/sub-vp.ts';
import { ve } from '../../src/sde/ve.ts';
import { vp } from '../../src/sde/vp.ts';
import type { PathFactory, Solver } from '../../src/solve/contract.ts';
import { integrator } from '../../src/solve/integrate.ts';
import { fromHost } from '../../src/tensor/index.ts';
import { exactTensor, float64Engine, valuesOf } from './float64.ts';

export const sdes: readonly Sde[] = [vp(linear()), subVp(linear()), ve(geometric({ sigmaMax: 10 }))];

/** One-dimensional Gaussian data, under which everything is known: scores, flows and laws at any time. */
export const data = { mean: 0.75, std: 0.5 };

export const gaussian = (sde: Sde): ScoreModel => gaussianModel({ mean: [data.mean], std: data.std }, sde);

export const silent: PathFactory = () => ({
  increment: () => {
    throw new Error('a solver without noise asked for an increment');
  },
  normal: () => {
    throw new Error('a solver without noise asked for a draw');
  },
});

/** Runs a solver over `times` through the driver, in float64. */
export async function solve(
  sde: Sde,
  solver: Solver,
  times: Float64Array,
  x: ArrayLike<number>,
  path: PathFactory = silent,
  model: ScoreModel = gaussian(sde),
): Promise<Float64Array> {
  const run = integrator({ engine: float64Engine, sde, model, solver, path }, times).run(
    exactTensor(x, [x.length, 1]),
    0,
  );
  for (;;) {
    const { done, value } = await run.next();
    if (done) return valuesOf(value);
  }
}

/** The law of the data seen at t. */
export function lawAt(sde: Sde, t: number): { mean: number; variance: number } {
  const { scale, std } = sde.marginal(t);
  return { mean: scale * data.mean, variance: (scale * data.std) ** 2 + std ** 2 };
}

/** The exact probability flow of Gaussian data from t to s: deviations grow as the standard deviation does. */
export function flowOf(sde: Sde, x: number, t: number, s: number): number {
  const [from, to] = [lawAt(sde, t), lawAt(sde, s)];
  return to.mean + (x - from.mean) * Math.sqrt(to.variance / from.variance);
}

/** The path of impulses: row 2 + j has its j-th source of noise at 1 and all others at 0. Rows 0 and 1 have none. */
export const impulses =
  (drawsPerStep: number): PathFactory =>
  ({ step }, shape, t, s) => {
    const pulse = (source: number, size: number) => {
      const rows = new Float64Array(shape[0]!);
      rows[2 + source] = size;
      return fromHost(rows, shape);
    };
    return {
      increment: () => pulse(step * drawsPerStep, Math.sqrt(Math.abs(Number(s) - Number(t)))),
      normal: k => {
        if (k >= drawsPerStep) throw new Error(`draw ${k} of a step that has ${drawsPerStep}`);
        return pulse(step * drawsPerStep + k, 1);
      },
    };
  };

/**
 * Mean and variance of what a stochastic solver makes of the exact law at the first time, without sampling: with an exact
 * Gaussian score a run is linear in its start and its noise, so its response to each is all there is to know.
 */
export async function lawAfter(
  sde: Sde,
  solver: Solver,
  times: Float64Array,
  drawsPerStep = 1,
): Promise<{ mean: number; variance: number }> {
  const sources = (times.length - 1) * drawsPerStep;
  const start = new Float64Array(2 + sources);
  start[1] = 1;
  const end = await solve(sde, solver, times, start, impulses(drawsPerStep));
  const before = lawAt(sde, times[0]!);
  const response = end.map(value => value - end[0]!);
  const noise = response.subarray(2).reduce((total, value) => total + value * value, 0);
  return {
    mean: end[0]! + response[1]! * before.mean,
    variance: response[1]! ** 2 * before.variance + noise,
  };
}

export const uniformTimes = (steps: number, from: number, to: number): Float64Array =>
  Float64Array.from({ length: steps + 1 }, (_, i) => (i === steps ? to : from + (i / steps) * (to - from)));

/** The slope of log error over −log steps, by least squares. */
export function orderOf(steps: readonly number[], errors: readonly number[]): number {
  const [x, y] = [steps.map(n => -Math.log(n)), errors.map(Math.log)];
  const mean = (v: readonly number[]) => v.reduce((a, b) => a + b, 0) / v.length;
  const [mx, my] = [mean(x), mean(y)];
  const cross = x.reduce((sum, v, i) => sum + (v - mx) * (y[i]! - my), 0);
  return cross / x.reduce((sum, v) => sum + (v - mx) ** 2, 0);
}
