import { type Engine, type EngineName, makeEngine } from '../engine/index.ts';
import { usage } from '../errors.ts';
import { type Divergence, hutchinson } from '../likelihood/divergence.ts';
import { logLikelihood as modelLogLikelihood } from '../likelihood/likelihood.ts';
import { presetOf, samplingOf } from '../presets/index.ts';
import type { BatchOptions } from '../solve/batches.ts';
import type { Solver } from '../solve/contract.ts';
import type { Grid, GridName } from '../solve/grids.ts';
import type { OnState } from '../solve/integrate.ts';
import { optimisedGrid, type PilotOptions } from '../solve/optimised-grid.ts';
import { sample as modelSample, type Samples, transport } from '../solve/sample.ts';
import { makeSolver } from '../solve/solver.ts';
import type { TabledGrid } from '../solve/tabled-grid.ts';
import type { SolverSpec } from '../solve/validate.ts';
import type { PlainTensor } from '../tensor/index.ts';
import type { ModelConfig } from './config.ts';
import { type LabelOptions, modelOf } from './labels.ts';
import type { Run } from './run.ts';

/**
 * How a run is used: the solver and its steps, the engine, the seed (default 0), micro-batches, progress,
 * abortion.
 */
export interface UseOptions extends BatchOptions, LabelOptions {
  readonly solver?: string | SolverSpec | Solver;
  /** Steps of the grid; default 100, none for adaptive solvers. */
  readonly steps?: number;
  readonly grid?: GridName | TabledGrid | Grid;
  /** Relative and absolute error allowed an adaptive solver; default 1e-5. */
  readonly tolerance?: number;
  readonly engine?: EngineName | 'auto' | Engine;
  readonly seed?: number;
}

/**
 * How many samples (`count`), from which on (`first`, default 0), and whether they end in Tweedie’s formula
 * (`denoise`, default true).
 */
export interface SampleRunOptions extends Omit<UseOptions, 'grid'> {
  /** `optimised` makes one for the model, the solver and the number of steps first (see `optimisedGrid`). */
  readonly grid?: UseOptions['grid'] | 'optimised';
  /** A name of `presets`, whose solver, grid and steps are used where no others are given. */
  readonly preset?: string;
  readonly count: number;
  readonly first?: number;
  readonly denoise?: boolean;
  /** Classifier-free guidance w towards the label (Ho & Salimans 2022); default 0, none. Doubles the evaluations. */
  readonly guidance?: number;
  /** Sees the states on the way, in the coordinates of the model; `samplePath` gives them in those of the data. */
  readonly onState?: OnState;
}

/** The solver of `sample` where none is named. */
export const defaultSampler = Object.freeze({ solver: 'heun', steps: 40, grid: 'karras' } as const);

/**
 * Draws from a trained run, in the units of its data: `[count, ...D]`. Sample i depends on (seed, first + i) alone.
 * Without a solver it is `defaultSampler`: Heun's method on the probability flow, 40 steps on Karras' grid.
 * @throws usage for a solver or grid that is unknown or cannot treat the run's SDE; AbortError where `signal` says so
 */
export async function sample(run: Run, options: SampleRunOptions): Promise<Samples> {
  const { tolerance, preset, solver, steps, grid, ...rest } = options;
  const usual = preset === undefined ? defaultSampler : samplingOf(presetOf(preset));
  const parts = {
    engine: await makeEngine(options.engine),
    sde: run.sde,
    model: modelOf(run, options),
    solver: makeSolver(solver ?? usual.solver),
  };
  const named = solver !== undefined;
  const times = grid ?? (named ? undefined : usual.grid);
  const wanted = steps ?? (named ? undefined : usual.steps);
  const drawn = await modelSample({
    ...rest,
    ...tolerances(tolerance),
    ...parts,
    ...(wanted !== undefined && { steps: wanted }),
    ...(times !== undefined && times !== 'optimised' && { grid: times }),
    ...(times === 'optimised' && (await optimisedFor(parts, wanted, options.signal))),
  });
  return { ...drawn, data: toData(run.config, drawn.data) };
}

/** Ten steps where no number is given: the fewer there are, the more it matters where. */
async function optimisedFor(
  parts: Omit<PilotOptions, 'steps'>,
  steps = 10,
  signal?: AbortSignal,
): Promise<{ steps: number; grid: TabledGrid }> {
  return { steps, grid: await optimisedGrid({ ...parts, steps, ...(signal && { signal }) }) };
}

/** How likelihoods are integrated; the solver is `rk45` unless another deterministic one is named. */
export interface ScoreOptions extends UseOptions {
  /** Probes of Hutchinson's estimator; default: the exact trace for D ≤ 64, else one. */
  readonly probes?: number;
  readonly divergence?: Divergence;
}

/** Log-likelihoods of rows with their mean, its standard error, and what they cost. */
export interface Scores {
  /** log p of each row in nats, in the units of the data. */
  readonly logProbability: Float64Array;
  /** Mean of log p, and the standard error of that mean over rows. */
  readonly mean: number;
  readonly standardError: number;
  /** −mean/(D·ln 2), where the data have declared bins (dequantised integers). */
  readonly bitsPerDim?: number;
  readonly evaluations: number;
  readonly divergence: string;
}

/**
 * Log-likelihoods of rows `[N, ...D]` in nats and in the units of the data (already dequantised where the run is), by the
 * probability-flow ODE (Song et al. 2021, eq. 39) from t = 1e-5: log p_x(x) = log p_z(z) − Σ log scale.
 * @throws usage for rows that do not fit the run, and for a solver that draws noise
 */
export async function logLikelihood(run: Run, x: PlainTensor, options: ScoreOptions = {}): Promise<Scores> {
  const { config } = run;
  requireWidth(config, x);
  const { probes, tolerance, seed = 0, ...rest } = options;
  const divergence = options.divergence ?? (probes === undefined ? undefined : hutchinson({ probes, seed }));
  const result = await modelLogLikelihood(
    {
      ...rest,
      ...tolerances(tolerance),
      ...(divergence && { divergence }),
      engine: await makeEngine(options.engine),
      sde: run.sde,
      model: modelOf(run, options),
      solver: makeSolver(options.solver ?? 'rk45'),
    },
    { data: toModel(config, x.data), shape: x.shape },
  );
  const { logProbability, evaluations, divergence: way } = result;
  return { ...scored(logProbability, config), evaluations, divergence: way };
}

type Summary = Omit<Scores, 'evaluations' | 'divergence'>;

/** The summary of log-likelihoods in the coordinates of the model, brought to the units of the data. */
export function scored(ofModel: Float64Array, config: ModelConfig): Summary {
  const slope = config.transform.scale.reduce((sum, scale) => sum - Math.log(scale), 0);
  return summary(
    ofModel.map(value => value + slope),
    config,
  );
}

/** Log-likelihoods of rows with their mean, its standard error, and bits per dimension where there are bins. */
export function summary(logProbability: Float64Array, { transform }: ModelConfig): Summary {
  const count = logProbability.length;
  const mean = logProbability.reduce((sum, value) => sum + value, 0) / count;
  const variance =
    logProbability.reduce((sum, value) => sum + (value - mean) ** 2, 0) / Math.max(1, count - 1);
  const size = transform.shift.length;
  return {
    logProbability,
    mean,
    standardError: Math.sqrt(variance / count),
    ...(transform.bins && { bitsPerDim: -mean / (size * Math.LN2) }),
  };
}

/**
 * Carries data `[N, ...D]`, in their own units, to latents at tMax along the probability flow; `decode` carries them back.
 * Latents are in the model's units, about N(0, prior.std² I).
 * @throws usage for rows that do not fit the run, and for a solver that draws noise
 */
export async function encode(run: Run, x: PlainTensor, options: UseOptions = {}): Promise<Samples> {
  requireWidth(run.config, x);
  return transport(await flowOptions(run, options), { ...x, data: toModel(run.config, x.data) }, 'encode');
}

/**
 * Carries latents `[N, ...D]` at tMax back to data along the probability flow: the inverse of `encode` up
 * to the tolerance.
 */
export async function decode(run: Run, latents: PlainTensor, options: UseOptions = {}): Promise<Samples> {
  const end = await transport(await flowOptions(run, options), latents, 'decode');
  return { ...end, data: toData(run.config, end.data) };
}

const flowOptions = async (run: Run, { tolerance, ...options }: UseOptions) => ({
  ...options,
  ...tolerances(tolerance),
  engine: await makeEngine(options.engine),
  sde: run.sde,
  model: modelOf(run, options),
  solver: makeSolver(options.solver ?? 'rk45'),
});

const tolerances = (tolerance?: number) => {
  if (tolerance === undefined) return {};
  if (tolerance > 0) return { tolerances: { rtol: tolerance, atol: tolerance } };
  throw usage('The tolerance has to be above 0', { where: 'tolerance', got: tolerance });
};

/** z = (x − shift)/scale and back, value by value of each row. */
export const toModel = ({ transform: { shift, scale } }: ModelConfig, data: Float32Array): Float32Array =>
  data.map((value, i) => (value - shift[i % shift.length]!) / scale[i % scale.length]!);
export const toData = ({ transform: { shift, scale } }: ModelConfig, data: Float32Array): Float32Array =>
  data.map((value, i) => value * scale[i % scale.length]! + shift[i % shift.length]!);

export function requireWidth({ data }: ModelConfig, x: PlainTensor): void {
  if (x.shape.slice(1).join() === data.shape.join()) return;
  throw usage('The data do not fit the model', {
    got: `rows of [${x.shape.slice(1)}]`,
    expected: `rows of [${data.shape}], as in ${data.source}`,
  });
}
