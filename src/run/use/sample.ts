import { sharedEngine } from '../../engine/shared.ts';
import { makeGrid } from '../../registry/grids.ts';
import { optimisedGrid, type PilotOptions } from '../../registry/optimised-grid.ts';
import { type PresetName, presetOf, samplingOf } from '../../registry/presets.ts';
import { makeSolver } from '../../registry/solvers.ts';
import type { Grid } from '../../solve/contract.ts';
import type { OnState } from '../../solve/integrate.ts';
import { sample as modelSample } from '../../solve/sample.ts';
import { tabled } from '../../solve/tabled-grid.ts';
import type { DataTensor } from '../../tensor/index.ts';
import type { ModelConfig } from '../folder/config.ts';
import type { Run } from '../run.ts';
import { modelOf } from './labels.ts';
import { tolerances, type UseOptions } from './options.ts';
import { toData } from './units.ts';

/**
 * How many samples (`count`), from which on (`first`, default 0), and whether they end in Tweedie’s formula
 * (`denoise`, default true).
 */
export interface SampleRunOptions extends Omit<UseOptions, 'grid'> {
  /**
   * `optimised` first computes a grid for the model, the solver and the number of steps (see
   * `optimisedGrid`).
   */
  readonly grid?: UseOptions['grid'] | 'optimised';
  /** A name of `presets`, whose solver, grid and steps are used where no others are given. */
  readonly preset?: PresetName;
  /** Samples to draw, a whole number above 0. */
  readonly count: number;
  /** Index of the first sample. Sample i is a function of the seed and i alone. Default 0. */
  readonly first?: number;
  /** Whether the last state is replaced by E[x₀ | x_t], Tweedie’s formula. Default true. */
  readonly denoise?: boolean;
  /**
   * Whether values of columns that were dequantised are brought back to the steps of the data, such as whole
   * numbers: the greatest that is no more. Default true for tables; pictures are drawn and measured as they
   * are.
   */
  readonly floor?: boolean;
  /**
   * Classifier-free guidance w towards the label (Ho & Salimans 2022); default 0, none. Doubles the
   * evaluations.
   */
  readonly guidance?: number;
  /** Receives intermediate states in model units. `samplePath` returns them in data units. */
  readonly onState?: OnState;
}

/** Samples in data units, `[count, ...D]`, and the number of network evaluations for each. */
export interface DataSamples extends DataTensor {
  /** Evaluations of the network spent on each sample. */
  readonly evaluations: number;
}

/** The solver of `sample` where none is named. */
export const defaultSampler = Object.freeze({
  /** A name in `solvers`. */
  solver: 'unipc',
  /** Steps of the grid. */
  steps: 30,
  /** A name in `grids`. */
  grid: 'log-snr',
} as const);

/**
 * Draws from a trained run, in the units of its data: `[count, ...D]`. Sample i depends on (seed, first + i)
 * alone. Without a solver it is `defaultSampler`: UniPC on the probability flow, 30 steps uniform in log-SNR.
 * @throws usage for a solver or grid that is unknown or cannot treat the run's SDE; AbortError where `signal`
 *   says so
 */
export async function sample(run: Run, options: SampleRunOptions): Promise<DataSamples> {
  const { tolerance, preset, solver, steps, grid, floor, ...rest } = options;
  const usual = preset === undefined ? defaultSampler : samplingOf(presetOf(preset));
  const parts = {
    engine: await sharedEngine(options.engine),
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
    ...(times !== undefined && times !== 'optimised' && { grid: makeGrid(times) }),
    ...(times === 'optimised' && (await optimisedFor(parts, wanted, options.signal))),
  });
  return { ...drawn, data: toData(run.config, drawn.data, floor ?? isTable(run.config)) };
}

/** Rows of a table, also where they are the pixels of small pictures. */
const isTable = ({ data }: ModelConfig) => data.shape.length === 1 || data.columns !== undefined;

/** Ten steps where no number is given: the fewer there are, the more it matters where. */
async function optimisedFor(
  parts: Omit<PilotOptions, 'steps'>,
  steps = 10,
  signal?: AbortSignal,
): Promise<{ steps: number; grid: Grid }> {
  return { steps, grid: tabled(await optimisedGrid({ ...parts, steps, ...(signal && { signal }) })) };
}
