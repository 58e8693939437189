import { geometric, linear } from '../../schedules/index.ts';
import { subVp } from '../../sdes/sub-vp.ts';
import { ve } from '../../sdes/ve.ts';
import { vp } from '../../sdes/vp.ts';
import { type AnalyticModel, gaussianModel, mixtureModel } from '../../src/score/analytic/index.ts';
import type { ScoreModel } from '../../src/score/contract.ts';
import type { Sde } from '../../src/sde/contract.ts';
import type { PathFactory, Solver } from '../../src/solve/contract.ts';
import { integrator } from '../../src/solve/integrate.ts';
import { fromHost } from '../../src/tensor/index.ts';
import { exactTensor, float64Engine, valuesOf } from './float64.ts';

export const sdes: readonly Sde[] = [vp(linear()), subVp(linear()), ve(geometric({ sigmaMax: 10 }))];

/** One-dimensional Gaussian data, for which everything is known: scores, flows and laws at any time. */
export interface Data {
  readonly mean: number;
  readonly std: number;
}
export const data: Data = { mean: 0.75, std: 0.5 };
/** More data, so that no error is hidden by a change of its sign. */
export const several: readonly Data[] = [data, { mean: 0, std: 2 }, { mean: -0.5, std: 0.125 }];

export const gaussian = (sde: Sde, { mean, std } = data): ScoreModel =>
  gaussianModel({ mean: [mean], std }, sde);

/** Data whose flow bends. */
export const mixture = (sde: Sde): AnalyticModel =>
  mixtureModel({ weights: [2, 3], means: [[-1], [0.75]], stds: 0.5 }, sde);

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

/** The law of the data at t. */
export function lawAt(sde: Sde, t: number, of: Data = data): { mean: number; variance: number } {
  const { scale, std } = sde.marginal(t);
  return { mean: scale * of.mean, variance: (scale * of.std) ** 2 + std ** 2 };
}

/**
 * The exact probability flow of Gaussian data from t to s: deviations grow in proportion to the standard
 * deviation.
 */
export function flowOf(sde: Sde, x: number, t: number, s: number): number {
  const [from, to] = [lawAt(sde, t), lawAt(sde, s)];
  return to.mean + (x - from.mean) * Math.sqrt(to.variance / from.variance);
}

/**
 * The path of impulses: in row 2 + j the j-th source of noise is 1 and all others are 0. Rows 0 and 1 have no
 * noise.
 */
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
 * Mean and variance that a stochastic solver gives from the exact law at the first time, without sampling.
 * With an exact Gaussian score a run is linear in its start and its noise, so its responses to them determine
 * everything. `carried` is the share of the start's variance that is left.
 */
export async function lawAfter(
  sde: Sde,
  solver: Solver,
  times: Float64Array,
  of: Data = data,
): Promise<{ mean: number; variance: number; carried: number }> {
  const drawsPerStep = solver.noise === 'brownian' ? 1 : 3;
  const sources = (times.length - 1) * drawsPerStep;
  const start = new Float64Array(2 + sources);
  start[1] = 1;
  const end = await solve(sde, solver, times, start, impulses(drawsPerStep), gaussian(sde, of));
  const before = lawAt(sde, times[0]!, of);
  const response = end.map(value => value - end[0]!);
  const noise = response.subarray(2).reduce((total, value) => total + value * value, 0);
  return {
    mean: end[0]! + response[1]! * before.mean,
    variance: response[1]! ** 2 * before.variance + noise,
    carried: response[1]! ** 2,
  };
}

export const uniformTimes = (steps: number, from: number, to: number): Float64Array =>
  Float64Array.from({ length: steps + 1 }, (_, i) => (i === steps ? to : from + (i / steps) * (to - from)));

/**
 * The slope of log error over −log steps, between the two finest grids whose error is still above rounding.
 */
export function orderOf(steps: readonly number[], errors: readonly number[], floor = 1e-13): number {
  const used = errors.filter(error => error > floor).length;
  const [coarse, fine] = [used - 2, used - 1];
  return Math.log(errors[coarse]! / errors[fine]!) / Math.log(steps[fine]! / steps[coarse]!);
}

/** The length of a step that no predictor notices. It is not 0, since some predictors divide by it. */
export const MOMENT = 1e-9;

/** The law that a solver keeps at t: that of the data, up to the bias of a corrector. */
export async function restAt(sde: Sde, solver: Solver, t: number, of: Data = data) {
  const law = lawAt(sde, t, of);
  const { variance, carried } = await lawAfter(sde, solver, Float64Array.of(t + MOMENT, t), of);
  const moves = solver.noise === 'fresh' && 1 - carried > 1e-6;
  return moves ? { ...law, variance: (variance - carried * law.variance) / (1 - carried) } : law;
}
