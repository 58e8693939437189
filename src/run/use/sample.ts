import { sharedEngine } from '../../engine/shared.ts';
import { ncsnv2For, snrFor } from '../../presets/techniques.ts';
import { makeGrid } from '../../registry/grids.ts';
import { optimisedGrid, type PilotOptions } from '../../registry/optimised-grid.ts';
import { type PresetName, presetOf, samplingOf } from '../../registry/presets.ts';
import { makeSolver } from '../../registry/solvers.ts';
import type { GuidanceStrength } from '../../score/strength.ts';
import type { Grid } from '../../solve/contract.ts';
import type { OnState } from '../../solve/integrate.ts';
import { sample as modelSample } from '../../solve/sample.ts';
import { tabled } from '../../solve/tabled-grid.ts';
import type { DataTensor } from '../../tensor/index.ts';
import type { Run } from '../run.ts';
import { answered } from './given/answered.ts';
import { refuseLoose } from './given/heed.ts';
import type { Certificate, GivenOptions } from './given/options.ts';
import { modelOf } from './labels.ts';
import { tolerances, type UseOptions } from './options.ts';
import { isTable, toData } from './units.ts';

/**
 * The options of `sample`: the number of samples (`count`), the index of the first (`first`, default 0),
 * whether they end with Tweedie’s formula (`denoise`, default true), and the others below.
 */
export interface SampleRunOptions extends Omit<UseOptions, 'grid'>, GivenOptions {
  /**
   * `optimised` first computes a grid for the model, the solver and the number of steps (see
   * `optimisedGrid`).
   */
  readonly grid?: UseOptions['grid'] | 'optimised';
  /** A name in `presets`: its solver, grid and steps are the defaults. */
  readonly preset?: PresetName;
  /** Samples to draw, a whole number above 0. */
  readonly count: number;
  /** Index of the first sample. Sample i is a function of the seed and i alone. Default 0. */
  readonly first?: number;
  /** Whether the last state is replaced by E[x₀ | x_t] (Tweedie’s formula). Default true. */
  readonly denoise?: boolean;
  /**
   * Whether dequantised columns are rounded down to the steps of the data, such as whole numbers. Default
   * true for tables, false for pictures.
   */
  readonly floor?: boolean;
  /**
   * Weight w of classifier-free guidance towards the label (Ho & Salimans 2022); default 0, no guidance. It
   * doubles the evaluations. `{ weight, interval }` guides between two times alone, and its weight may be a
   * function of the time.
   */
  readonly guidance?: number | GuidanceStrength;
  /** Receives intermediate states in model units. `samplePath` returns them in data units. */
  readonly onState?: OnState;
}

/** Samples in data units, `[count, ...D]`, and the number of network evaluations for each. */
export interface DataSamples extends DataTensor {
  /** Number of network evaluations for each sample. */
  readonly evaluations: number;
  /** How far samples are to be trusted that answer a question, `given`. */
  readonly certificate?: Certificate;
}

/** The default solver of `sample`, with its steps and grid. */
export const defaultSampler = Object.freeze({
  /** A name in `solvers`. */
  solver: 'unipc',
  /** Steps of the grid. */
  steps: 30,
  /** A name in `grids`. */
  grid: 'log-snr',
} as const);

/**
 * Draws samples from a trained run, in the units of its data: `[count, ...D]`. Sample i depends only on
 * (seed, first + i). The default is `defaultSampler`: UniPC on the probability flow, 30 steps uniform in
 * log-SNR. With `given` they are samples of p(x | what is given), with a certificate: see `GivenOptions`.
 * @throws usage for an unknown solver or grid, and for one that does not support the SDE of the run;
 * AbortError if `signal` is aborted
 */
export async function sample(run: Run, options: SampleRunOptions): Promise<DataSamples> {
  const { config } = run;
  const shape = [options.count, ...config.data.shape];
  const solving = await samplingParts(run, options);
  const rounded = options.floor ?? isTable(config);
  if (options.given === undefined) {
    refuseLoose(options);
    const samples = await modelSample(solving);
    return { ...samples, data: toData(config, samples.data, rounded), shape };
  }
  return { ...(await answered(run, { ...options, given: options.given }, solving, rounded)), shape };
}

/** The parts of a solve that draws from a run: its model, the solver and its times. */
export async function samplingParts(run: Run, options: SampleRunOptions) {
  const { tolerance, preset, solver, steps, grid, floor: _floor, ...rest } = options;
  const defaults = preset === undefined ? defaultSampler : samplingFor(preset, run);
  const model = {
    engine: await sharedEngine(options.engine),
    sde: run.sde,
    model: modelOf(run, options),
    solver: makeSolver(solver ?? defaults.solver),
  };
  const hasSolver = solver !== undefined;
  const times = grid ?? (hasSolver ? undefined : defaults.grid);
  const stepCount = steps ?? (hasSolver ? undefined : defaults.steps);
  return {
    ...rest,
    ...tolerances(tolerance),
    ...model,
    ...(stepCount !== undefined && { steps: stepCount }),
    ...(times !== undefined && times !== 'optimised' && { grid: makeGrid(times) }),
    ...(times === 'optimised' && (await optimisedFor(model, stepCount, options.signal))),
  };
}

/** How a preset samples; `ncsnv2` with the levels of the run and the step that fits them. */
function samplingFor(name: PresetName, { config }: Run) {
  const preset = presetOf(name);
  const { sigmas } = Object(config.sde.schedule) as { readonly sigmas?: readonly number[] };
  const trainedLevels =
    name === 'ncsnv2' && sigmas && sigmas.length > 1 && sigmas.length !== preset.grid.steps;
  return samplingOf(trainedLevels ? ncsnv2For({ sigmas, snr: snrFor(sigmas) }) : preset);
}

/** The default is ten steps: with few steps their positions matter most. */
async function optimisedFor(
  parts: Omit<PilotOptions, 'steps'>,
  steps = 10,
  signal?: AbortSignal,
): Promise<{ steps: number; grid: Grid }> {
  return { steps, grid: tabled(await optimisedGrid({ ...parts, steps, ...(signal && { signal }) })) };
}
