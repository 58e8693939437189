import type { Engine } from '../engine/contract.ts';
import { compileCached } from '../engine/program-cache.ts';
import { usage } from '../errors.ts';
import type { ScoreModel } from '../score/contract.ts';
import type { Sde } from '../sde/contract.ts';
import { logSnr } from '../sde/log-snr.ts';
import { adaptiveIntegrator } from './adaptive.ts';
import type { Solver } from './contract.ts';
import { karras, logSnrUniform, quadratic, uniform } from './grids.ts';
import { integrator } from './integrate.ts';
import { localErrors } from './local-error.ts';
import { gridPath } from './path.ts';
import { problemOf } from './problem.ts';
import { priorDraw } from './sample.ts';
import { type TabledGrid, tabled } from './tabled-grid.ts';

/**
 * What a grid is optimised for: a model, a solver and its steps; with the size (default 256) and seed of the
 * pilot batch.
 */
export interface GridPilot {
  /** Where the pilot batch is solved. */
  readonly engine: Engine;
  /** The forward SDE. */
  readonly sde: Sde;
  /** The model of its score. */
  readonly model: ScoreModel;
  /** A deterministic solver. */
  readonly solver: Solver;
  /** Number of steps that the grid is optimised for. */
  readonly steps: number;
  /** An adaptive solver that computes the exact flow, such as `rk45`. */
  readonly reference: Solver;
  /** Samples of the pilot batch; default 256. */
  readonly count?: number;
  /** Seed of the pilot batch. Default 0. */
  readonly seed?: number;
  /** Stops the work: it rejects with the signal's AbortError and frees its tensors. */
  readonly signal?: AbortSignal;
}

/** Number of steps up to which refinement pays. */
const REFINED = 20;

/**
 * A time grid for one model, solver and number of steps, frozen as a table that serves other numbers too.
 *
 * First the local error of a method of second order is measured along the flow of a pilot batch: steps of
 * density ∝ error^{1/3} make all local errors equal. Of that grid and the usual ones the best two are then
 * refined: one step size after another is changed by a factor, and kept where the pilot's ends come nearer,
 * root mean square, to those of the exact flow (rk45 at 1e-5); the better one is taken. Costs about 30·steps²
 * evaluations of the pilot batch: a second for small networks, worth while for many samples. Beyond 20 steps
 * the grid is left as the local errors make it.
 */
export async function optimiseGrid(options: GridPilot): Promise<TabledGrid> {
  const { sde, solver } = options;
  if (solver.noise !== 'none') {
    throw usage('A grid is optimised for a deterministic solver', {
      got: solver.name,
      remedy: 'Choose a probability-flow solver, such as dpm-solver++',
    });
  }
  const [top, bottom] = [logSnr(sde, sde.tMin), logSnr(sde, sde.tMax)];
  const density = equidistributed(await localErrors(options), bottom, top, options.steps);
  if (options.steps > REFINED) return { name: 'tabled', levels: density };
  const starts = [density, ...usualLevels(sde, options.steps)];
  const trial = await trials(options);
  try {
    const candidates: Candidate[] = [];
    for (const levels of starts) candidates.push({ levels, error: await trial.error(levels) });
    candidates.sort((a, b) => a.error - b.error);
    const ends: Candidate[] = [];
    for (const start of candidates.slice(0, 2)) ends.push(await refined(start, trial.error, options.signal));
    return { name: 'tabled', levels: ends.reduce(better).levels };
  } finally {
    await trial.dispose();
  }
}

const usualLevels = (sde: Sde, steps: number): number[][] =>
  [uniform(), quadratic(), logSnrUniform(), karras()].map(grid =>
    Array.from(grid(sde, steps, sde.tMax, sde.tMin), t => logSnr(sde, t)),
  );

interface Candidate {
  readonly levels: readonly number[];
  readonly error: number;
}
const better = (a: Candidate, b: Candidate) => (b.error < a.error ? b : a);

/** Pattern search over the logarithms of the step sizes in λ, with a constant sum. */
async function refined(
  start: Candidate,
  error: (levels: readonly number[]) => Promise<number>,
  signal?: AbortSignal,
): Promise<Candidate> {
  let best = start;
  for (const factor of [1.8, 1.4, 1.2, 1.1, 1.8, 1.4, 1.2, 1.1, 1.05]) {
    for (let i = 0; i < start.levels.length - 1; i++) {
      for (const change of [factor, 1 / factor]) {
        signal?.throwIfAborted();
        const before = best;
        const levels = stretched(best.levels, i, change);
        best = better(best, { levels, error: await error(levels) });
        if (best !== before) break;
      }
    }
  }
  return best;
}

/** The same range with step i longer by a factor; all other steps shrink in proportion. */
function stretched(levels: readonly number[], i: number, factor: number): number[] {
  const sizes = levels.slice(1).map((level, j) => (level - levels[j]!) * (j === i ? factor : 1));
  return cumulated(sizes, levels[0]!, levels.at(-1)!);
}

function cumulated(sizes: readonly number[], bottom: number, top: number): number[] {
  const total = sizes.reduce((sum, size) => sum + size, 0);
  const levels = [bottom];
  for (const size of sizes) levels.push(levels.at(-1)! + (size / total) * (top - bottom));
  levels[levels.length - 1] = top;
  return levels;
}

/**
 * Levels after equal shares of the density error^{1/3}, given for cells of equal width; a twentieth of it is
 * uniform.
 */
function equidistributed(errors: Float64Array, bottom: number, top: number, steps: number): number[] {
  const raw = errors.map(error => Math.cbrt(error));
  const mean = raw.reduce((sum, value) => sum + value, 0) / raw.length;
  const density = raw.map(value => (0.95 * value) / mean + 0.05);
  const total = density.reduce((sum, value) => sum + value, 0);
  const levels = [bottom];
  let [cell, before] = [0, 0];
  for (let k = 1; k < steps; k++) {
    const target = (k / steps) * total;
    while (before + density[cell]! < target) before += density[cell++]!;
    levels.push(bottom + ((cell + (target - before) / density[cell]!) / density.length) * (top - bottom));
  }
  return [...levels, top];
}

/** Runs of the solver over trial grids, against the exact flow from the same starts. */
async function trials({
  engine,
  sde,
  model,
  solver,
  steps,
  reference,
  count = 256,
  seed = 0,
  signal,
}: GridPilot) {
  const start = engine.put(priorDraw(sde, model.shape, seed, 0, count));
  const times = new Float64Array(steps + 1);
  const setting = { engine, sde, model, path: gridPath(0) };
  const run = integrator({ ...setting, solver }, times);
  const denoise = compileCached<number>(
    engine,
    'denoise',
    (w, [x], t) => [problemOf(sde, model, w).data(x!, t)],
    model.weights,
  );
  const endOf = async (solve: ReturnType<typeof run.run>) => {
    let turn = await solve.next();
    while (!turn.done) turn = await solve.next();
    const [end] = await denoise.run([turn.value], sde.tMin);
    const values = await engine.read(end!);
    const copy = Float32Array.from(values);
    engine.free(turn.value, end!);
    return copy;
  };
  const exact = adaptiveIntegrator({ ...setting, solver: reference }, sde.tMax, sde.tMin, {
    rtol: 1e-5,
    atol: 1e-5,
  });
  const truth = await endOf(exact.run(start, 0, { signal }));
  await exact.dispose();
  return {
    /** Root-mean-square distance of the ends. */
    error: async (levels: readonly number[]): Promise<number> => {
      times.set(tabled({ name: 'tabled', levels })(sde, steps, sde.tMax, sde.tMin));
      const end = await endOf(run.run(start, 0, { signal }));
      const square = end.reduce((sum, value, i) => sum + (value - truth[i]!) ** 2, 0);
      return Number.isFinite(square) ? Math.sqrt(square / end.length) : Infinity;
    },
    dispose: async () => {
      engine.free(start);
      await run.dispose();
      await denoise.dispose();
    },
  };
}
