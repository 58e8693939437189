import type { Engine } from '../engine/index.ts';
import { slicedWasserstein } from '../quality/index.ts';
import { makeGrid } from '../registry/grids.ts';
import { optimisedGrid } from '../registry/optimised-grid.ts';
import { makeSolver } from '../registry/solvers.ts';
import { type Samples, sample } from '../solve/sample.ts';
import type { PlainTensor } from '../tensor/index.ts';
import { type Contestant, type Effort, efforts } from './contestant.ts';
import { type Estimate, estimate } from './estimate.ts';
import type { Target } from './target.ts';

/** Which solvers are compared, on which target, at which budgets. */
export interface CompareOptions {
  /** The engine that runs every contestant. */
  readonly engine: Engine;
  /** The model and its data. */
  readonly target: Target;
  /** The solvers, each with its grid. */
  readonly contestants: readonly Contestant[];
  /** Budgets: the largest number of network evaluations per sample, the final denoising included. */
  readonly evaluations: readonly number[];
  /** Samples of each run; default 10,000, or as many as the data have. */
  readonly count?: number;
  /** Number of runs over which distances are averaged; default 1. */
  readonly repeats?: number;
  /** Seed of the first run; run r has seed + r. Default 0. */
  readonly seed?: number;
  /** Rows of one micro-batch. Default: as in `sample`. */
  readonly batch?: number;
  /** Whether to compute the exact flow as well, which costs about two hundred evaluations; default true. */
  readonly exact?: boolean;
  /** Stops the work: `compare` frees its resources and throws the AbortError of the signal. */
  readonly signal?: AbortSignal;
  /** Called before each effort with the finished fraction, 0 to 1, and the name of the next contestant. */
  readonly onProgress?: (progress: { readonly fraction: number; readonly what: string }) => void;
}

/** One solver at one effort. */
export interface ComparisonRow {
  /** The contestant, as its text names it. */
  readonly solver: string;
  /** The name of its grid. */
  readonly grid: string;
  /** Number of steps; missing for adaptive steps. */
  readonly steps?: number;
  /** Network evaluations spent on a sample. */
  readonly evaluations: number;
  /** Wall time of sampling all samples once. */
  readonly seconds: number;
  /** Sliced Wasserstein distance to fresh data, in the units of the model. */
  readonly distance: Estimate;
  /**
   * For deterministic solvers: root-mean-square distance to the ends of the exact flow from the same starts.
   */
  readonly endpoint?: number;
}

/** The result of `compare`: plain JSON. */
export interface Comparison {
  /** The name of the target. */
  readonly target: string;
  /** The name of the SDE. */
  readonly sde: string;
  /** The shape of one sample, [...D]. */
  readonly dimensions: readonly number[];
  /** Samples of each run. */
  readonly count: number;
  /** Runs over which the distances are averaged. */
  readonly repeats: number;
  /** The distance between two fresh sets of data: smaller distances mean nothing. */
  readonly floor: Estimate;
  /** The distance between the ends of the exact flow (rk45 at 1e-6) and fresh data. */
  readonly flow?: Estimate;
  /** A row for each contestant at each effort. */
  readonly rows: readonly ComparisonRow[];
}

/**
 * Runs every solver at every budget from the same starts. It measures the distance of the samples to fresh
 * data and, for solvers of the flow, to the ends of the exact flow. Every run ends with Tweedie's formula,
 * which counts as one evaluation.
 */
export async function compare(options: CompareOptions): Promise<Comparison> {
  const { target, contestants, evaluations, repeats = 1, seed = 0, signal, onProgress } = options;
  const count = Math.min(options.count ?? 10_000, target.limit);
  const seeds = Array.from({ length: repeats }, (_, r) => seed + r);
  const draw = drawer(options, count);
  const distanceTo = (x: PlainTensor, s: number) =>
    slicedWasserstein(x, target.data(count, s, 0), { seed: s });
  const tight = { tolerances: { rtol: 1e-6, atol: 1e-6 } };
  const exact = options.exact === false ? [] : await overSeeds(seeds, s => draw(tight, flow, s));
  const rows: ComparisonRow[] = [];
  for (const [i, each] of contestants.entries()) {
    const overhead = await overheadOf(draw, each);
    const all = efforts(each, evaluations, overhead);
    for (const [j, effort] of all.entries()) {
      signal?.throwIfAborted();
      onProgress?.({ fraction: (i + j / all.length) / contestants.length, what: each.name });
      const runs = await overSeeds(seeds, s => draw(effort, each, s));
      const repeats = await timedAgain(runs[0]!.seconds, () => draw(effort, each, seed));
      rows.push({
        solver: each.name,
        grid: each.grid,
        ...('steps' in effort && { steps: effort.steps }),
        evaluations: Math.max(...runs.map(run => run.evaluations)),
        seconds: Math.min(...repeats, ...runs.map(run => run.seconds)),
        distance: estimate(runs.map((run, r) => distanceTo(run, seeds[r]!))),
        ...(each.solver.noise === 'none' &&
          exact.length > 0 && {
            endpoint: rms(runs.map((run, r) => difference(run, exact[r]!))),
          }),
      });
    }
  }
  return {
    target: target.name,
    sde: target.sde.name,
    dimensions: target.model.shape,
    count,
    repeats,
    floor: estimate(seeds.map(s => distanceTo(target.data(count, s, 1), s))),
    ...(exact.length > 0 && { flow: estimate(exact.map((run, r) => distanceTo(run, seeds[r]!))) }),
    rows,
  };
}

const flow: Contestant = { name: 'rk45', solver: makeSolver('rk45'), grid: 'uniform' };

type Timed = Samples & { readonly seconds: number };
type Draw = (effort: Effort, who: Contestant, seed: number, few?: number) => Promise<Timed>;

async function overSeeds<T>(seeds: readonly number[], draw: (seed: number) => Promise<T>): Promise<T[]> {
  const results: T[] = [];
  for (const seed of seeds) results.push(await draw(seed));
  return results;
}

/**
 * Draws samples for contestants. A grid that has to be optimised is made once for each solver and number of
 * steps.
 */
function drawer({ engine, target, batch = 2500, signal }: CompareOptions, count: number): Draw {
  const { sde, model } = target;
  const grids = new Map<string, Promise<Awaited<ReturnType<typeof optimisedGrid>>>>();
  const gridOf = ({ name, solver, grid }: Contestant, steps: number) => {
    if (grid !== 'optimised') return grid;
    const optimised =
      grids.get(`${name} ${steps}`) ?? optimisedGrid({ engine, sde, model, solver, steps, seed: 1_000_003 });
    grids.set(`${name} ${steps}`, optimised);
    return optimised;
  };
  return async (effort, who, seed, few = count) => {
    const grid = 'steps' in effort ? { grid: makeGrid(await gridOf(who, effort.steps)) } : {};
    const start = performance.now();
    const samples = await sample({
      ...{ engine, sde, model, seed, ...effort, ...grid },
      solver: who.solver,
      count: few,
      batch: Math.min(batch, few),
      ...(signal && { signal }),
    });
    return { ...samples, seconds: (performance.now() - start) / 1000 };
  };
}

/**
 * The times of two more runs if the first took less than a second, since other work easily disturbs a short
 * run.
 */
async function timedAgain(seconds: number, run: () => Promise<Timed>): Promise<number[]> {
  if (seconds > 1) return [];
  return [(await run()).seconds, (await run()).seconds];
}

/** The evaluations of a run outside its steps: the final denoising, and those before or in the first step. */
async function overheadOf(draw: Draw, who: Contestant): Promise<number> {
  if (who.solver.adaptive) return 0;
  const { evaluations } = await draw({ steps: 2 }, { ...who, grid: 'uniform' }, 0, 1);
  return evaluations - 2 * who.solver.evaluationsPerStep;
}

function difference(a: PlainTensor, b: PlainTensor): number {
  const squares = a.data.reduce((sum, value, i) => sum + (value - b.data[i]!) ** 2, 0);
  return Math.sqrt(squares / a.data.length);
}

const rms = (values: readonly number[]) =>
  Math.sqrt(values.reduce((sum, value) => sum + value * value, 0) / values.length);
