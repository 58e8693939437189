import { fillNormal, key } from '../../../random/index.ts';
import { transport } from '../../../solve/sample.ts';
import { type DataTensor, type HostTensor, sizeOf } from '../../../tensor/index.ts';
import type { Run } from '../../run.ts';
import type { UseOptions } from '../options.ts';
import { requireWidth, toData, toModel } from '../units.ts';
import { solveOptions, timeOfNoise } from './options.ts';

/** How far samples are varied. */
export interface VaryOptions extends UseOptions {
  /** Noise σ/α that is added, in standard deviations of the data, above 0. Default 0.5. */
  readonly noise?: number;
}

/**
 * Rows [N, ...D] with noise added up to a level and taken away again (SDEdit, Meng et al. 2022), in the units
 * of the data: what the level hides is drawn anew, what it does not stays. The noise of row i depends on
 * (seed, i) alone. Deterministic solvers; default `unipc`, 30 steps.
 * @throws usage for rows that do not fit the run, and for a noise that the SDE does not reach
 */
export async function vary(
  run: Run,
  x: HostTensor,
  { noise = 0.5, ...options }: VaryOptions = {},
): Promise<DataTensor> {
  requireWidth(run.config, x);
  const t = timeOfNoise(run, noise);
  const solve = await solveOptions(run, options, { solver: 'unipc', steps: 30 });
  const { scale, std } = run.sde.marginal(t);
  const { data, shape } = toModel(run.config, x);
  const z = new Float32Array(data.length);
  fillNormal(z, key(options.seed ?? 0, 'vary'), { step: 0, first: 0, size: sizeOf(shape.slice(1)) });
  const noisy = { data: data.map((value, i) => scale * value + std * z[i]!), shape };
  const end = await transport({ ...solve, tMax: t }, noisy, 'decode');
  return { data: toData(run.config, end.data), shape: x.shape };
}

/** How reconstructions are compared. */
export interface ReconstructionOptions extends VaryOptions {
  /** Draws of noise to average over, a whole number above 0. Default 4. */
  readonly repeats?: number;
}

/**
 * How far each row moves if it is varied: √(mean of (x' − x)²/scale²) over its values and over repeats, in
 * standard deviations of the data. A row unlike the data is drawn back to them and moves far: a score of
 * anomaly. It is no density; `logLikelihood` gives one.
 */
export async function reconstructionErrors(
  run: Run,
  x: HostTensor,
  { repeats = 4, seed = 0, ...options }: ReconstructionOptions = {},
): Promise<Float64Array> {
  const { data: before, shape } = toModel(run.config, x);
  const size = sizeOf(shape.slice(1));
  const errors = new Float64Array(x.shape[0]!);
  for (let repeat = 0; repeat < repeats; repeat++) {
    const varied = await vary(run, x, { ...options, seed: seed + repeat });
    toModel(run.config, varied).data.forEach((value, i) => {
      const row = Math.floor(i / size);
      errors[row] = errors[row]! + (value - before[i]!) ** 2 / (size * repeats);
    });
  }
  return errors.map(Math.sqrt);
}
