import type { Engine, Value } from '../engine/contract.ts';
import { compileCached } from '../engine/program-cache.ts';
import { usage } from '../errors.ts';
import { fillNormal, key } from '../random/index.ts';
import { withContext } from '../score/context.ts';
import type { ScoreModel } from '../score/contract.ts';
import type { Sde } from '../sde/contract.ts';
import { type PlainTensor, type Shape, sizeOf } from '../tensor/index.ts';
import { adaptiveIntegrator, type Tolerances } from './adaptive.ts';
import { type BatchOptions, inBatches, padded, requireCount } from './batches.ts';
import { byBestClock } from './clock.ts';
import type { Grid, PathFactory, Solver } from './contract.ts';
import { timesOf, uniform } from './grids.ts';
import { type Integrator, integrator, type OnState, type ProblemFactory } from './integrate.ts';
import { gridPath, treePath } from './path.ts';
import { problemOf } from './problem.ts';

/** How to integrate any model: the parts, the grid or the tolerances, and the end times. */
export interface SolveOptions extends BatchOptions {
  /** Where the program runs. */
  readonly engine: Engine;
  /** The forward SDE. */
  readonly sde: Sde;
  /** The model of its score. */
  readonly model: ScoreModel;
  /** The solver that steps. */
  readonly solver: Solver;
  /** Steps of the grid; an adaptive solver needs none. Default 100. */
  readonly steps?: number;
  /** The time grid; default `uniform()`. */
  readonly grid?: Grid;
  /** Error tolerance of an adaptive solver; default 1e-5, and 1e-2 for a stochastic one. */
  readonly tolerances?: Tolerances;
  /** First time of the range; default that of the SDE. */
  readonly tMin?: number;
  /** Last time of the range; default that of the SDE. */
  readonly tMax?: number;
  /** The randomness of each step. Default: keyed by the seed, for a grid or for adaptive steps. */
  readonly path?: PathFactory;
  /** Receives the intermediate states, in the coordinates of the model; a fixed grid only. */
  readonly onState?: OnState;
}

/**
 * What to draw: how many samples, from which seed and index, and whether Tweedie’s formula gives the result.
 */
export interface SampleOptions extends SolveOptions {
  /** Samples to draw, a whole number above 0. */
  readonly count: number;
  /** Seed of all random draws, a whole number from 0 to 2⁵³ − 1. Default 0. */
  readonly seed?: number;
  /** Index of the first sample, so that each shard of a run can draw its own. Default 0. */
  readonly first?: number;
  /**
   * Replace the end state by E[x₀|x_t] (Tweedie) at the final time t, tMin for all grids of the package;
   * default true.
   */
  readonly denoise?: boolean;
}

/** The result of a solve: rows `[count, ...D]`, and their cost. */
export interface Samples extends PlainTensor {
  /** Network evaluations spent on each sample. */
  readonly evaluations: number;
}

/**
 * Draws `[count, ...D]` from the model: x_T ~ prior, then the reverse-time solver from T to tMin (or to the
 * end of a grid passed as a value), then (by default) one Tweedie step, E[x₀ | x] = (x + std²·score)/scale.
 * Sample i depends only on (seed, first + i).
 * @throws usage for invalid counts and steps, and for a solver that does not support the SDE
 */
export async function sample(options: SampleOptions): Promise<Samples> {
  const { engine, sde, model, count, seed = 0, first = 0, denoise = true } = options;
  const { tMin = sde.tMin, tMax = sde.tMax } = options;
  requireCount(count);
  const adapts = options.solver.adaptive && options.steps === undefined;
  const path = options.path ?? (adapts ? treePath(seed, { tMin, tMax }) : gridPath(seed));
  const shifted: PathFactory = (at, ...rest) => path({ ...at, first: at.first + first }, ...rest);
  const solve = solverOver({ ...options, path: shifted }, tMax, tMin);
  const tweedie = compileCached<{ readonly t: number; readonly first: number }>(
    engine,
    'denoise',
    (w, [x], { t, first: from }) => {
      const inputs = withContext(model, w, from, x!.shape[0]!);
      return [problemOf(sde, model, inputs).data(x!, t)];
    },
    model.weights,
  );
  const start = (from: number, rows: number) => priorDraw(sde, model.shape, seed, first + from, rows);
  try {
    const finish = async (x: Value, from: number, lane?: number) =>
      (await tweedie.run([x], { t: solve.end, first: from }, lane))[0]!;
    const single = options.onState !== undefined;
    const result = await inBatches(
      { engine, model, integrator: solve, count, start, single, ...(denoise && { finish }) },
      options,
    );
    return { ...result, evaluations: result.evaluations + (denoise ? (model.evaluations ?? 1) : 0) };
  } finally {
    await solve.dispose();
    await tweedie.dispose();
  }
}

/** x_T ~ N(0, prior.std² I) for samples first … first + rows. */
export function priorDraw(sde: Sde, shape: Shape, seed: number, first: number, rows: number): PlainTensor {
  const size = sizeOf(shape);
  const data = new Float32Array(rows * size);
  fillNormal(data, key(seed, 'prior'), { step: 0, first, size });
  return { data: data.map(z => z * sde.prior.std), shape: [rows, ...shape] };
}

/**
 * The driver of a solver between two times: adaptive if the solver estimates its error and `steps` is not
 * set. `end` is the final time.
 */
export function solverOver(
  options: Omit<SolveOptions, 'path'> & { readonly path: PathFactory; readonly problem?: ProblemFactory },
  from: number,
  to: number,
): Integrator & { readonly end: number } {
  const { sde, solver, steps, tolerances } = options;
  const reason = solver.refuses?.(sde);
  if (reason)
    throw usage(`The solver "${solver.name}" cannot be used here`, {
      where: `sde "${sde.name}"`,
      expected: reason,
    });
  if (to > from && solver.noise !== 'none') {
    throw usage(`The solver "${solver.name}" draws noise and cannot run forward in time`, {
      remedy: 'Choose a probability-flow solver, such as rk45',
    });
  }
  const adapts = solver.adaptive === true && steps === undefined;
  refuseUnused(options, adapts);
  if (adapts) {
    if (options.onState)
      throw usage(`The solver "${solver.name}" has times for each sample, so there are no states to show`, {
        remedy: 'Give a number of steps, or choose another solver',
      });
    const defaults = solver.noise === 'none' ? {} : { rtol: 1e-2, atol: 1e-2 };
    const clocked = byBestClock(options, from, to);
    const adapts = adaptiveIntegrator(clocked.setting, clocked.from, clocked.to, {
      ...defaults,
      ...tolerances,
    });
    return { ...adapts, end: to };
  }
  const times = timesOf(sde, options.grid ?? uniform(), steps ?? 100, from, to);
  return { ...integrator(options, times), end: times.at(-1)! };
}

/**
 * Rejects options that the solver would ignore: it takes adaptive steps or steps from the caller, not both.
 */
function refuseUnused({ solver, steps, grid, tolerances }: Partial<SolveOptions>, adapts: boolean): void {
  const name = solver?.name;
  if (adapts && grid !== undefined) {
    throw usage(`The solver "${name}" chooses its own times and does not use a grid`, {
      where: 'grid',
      remedy: 'Leave the grid out, or give a number of steps',
    });
  }
  if (!adapts && (tolerances?.rtol !== undefined || tolerances?.atol !== undefined)) {
    throw usage(`The solver "${name}" takes ${steps ?? 'fixed'} steps and does not use a tolerance`, {
      where: 'tolerance',
      remedy: solver?.adaptive
        ? 'Give a tolerance or a number of steps, not both'
        : 'Leave the tolerance out, or choose an adaptive solver, such as rk45',
    });
  }
}

/**
 * The probability-flow ODE as a map: `encode` moves data [N, ...D] to latents at tMax, `decode` moves them
 * back. Deterministic solvers only.
 */
export async function transport(
  options: SolveOptions,
  x: PlainTensor,
  direction: 'encode' | 'decode',
): Promise<Samples> {
  const { sde, tMin = sde.tMin, tMax = sde.tMax } = options;
  const [from, to] = direction === 'encode' ? [tMin, tMax] : [tMax, tMin];
  if (options.solver.noise !== 'none') {
    throw usage(`The solver "${options.solver.name}" draws noise: it defines no map`, {
      remedy: 'Choose a probability-flow solver, such as rk45',
    });
  }
  const solve = solverOver({ ...options, path: gridPath(0) }, from, to);
  try {
    const start = (first: number, rows: number) => padded(x, first, rows);
    const single = options.onState !== undefined;
    return await inBatches({ ...options, integrator: solve, count: x.shape[0]!, start, single }, options);
  } finally {
    await solve.dispose();
  }
}
