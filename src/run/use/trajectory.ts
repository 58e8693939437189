import { usage } from '../../errors.ts';
import { type DataTensor, sizeOf } from '../../tensor/index.ts';
import type { Run } from '../run.ts';
import { type DataSamples, type SampleRunOptions, sample } from './sample.ts';
import { toData } from './units.ts';

/** The options of `sample`, and which states are kept. */
export interface SamplePathOptions extends Omit<SampleRunOptions, 'onState'> {
  /**
   * Number of states to keep, evenly spread over the steps; they include the prior draw and the sample.
   * Default 9.
   */
  readonly frames?: number;
  /** Number of samples whose states are kept, from the first on; default 16. */
  readonly shown?: number;
}

/** A state during sampling, in the units of the data. */
export interface SampleFrame {
  /** The time of the state, from tMax (noise) to 0 (the samples). */
  readonly t: number;
  /** The states, `[shown, ...D]`. */
  readonly x: DataTensor;
}

/** Samples, and states on the way to them. */
export interface SamplePath {
  /** From the prior draw to the samples. */
  readonly frames: readonly SampleFrame[];
  /** The same samples as those of `sample` with the same options. */
  readonly samples: DataSamples;
}

/**
 * Draws the same samples as `sample`, and keeps states x_t on the way. Each state is scaled to the variance
 * of the data: a frame holds x_t/√(scale² + std²), with the scale and std of the SDE at t. The last frame
 * holds the samples themselves.
 * @throws usage for fewer than two frames, and for an adaptive solver without `steps`, since its samples have
 * no common times
 */
export async function samplePath(run: Run, options: SamplePathOptions): Promise<SamplePath> {
  const { frames: frameCount = 9, shown = 16, ...rest } = options;
  for (const [name, value, least] of [
    ['frames', frameCount, 2],
    ['shown', shown, 1],
  ] as const)
    if (!(Number.isInteger(value) && value >= least))
      throw usage(`Impossible number of ${name}`, { got: value, expected: `a whole number from ${least}` });
  const rows = Math.min(shown, options.count);
  const frames = new Map<number, SampleFrame>();
  const samples = await sample(run, {
    ...rest,
    onState: (state, { t, step, steps, first }) => {
      if (first >= rows || step === steps || !isKept(step, steps, frameCount)) return;
      const item = state.shape.slice(1);
      const frame = frames.get(step) ?? { t, x: empty(rows, item) };
      const part = state.data.subarray(0, Math.min(state.shape[0]!, rows - first) * sizeOf(item));
      const { scale, std } = run.sde.marginal(t);
      const size = Math.hypot(scale, std);
      const unit = part.map(value => value / size);
      frame.x.data.set(toData(run.config, unit), first * sizeOf(item));
      frames.set(step, frame);
    },
  });
  const last = {
    data: samples.data.slice(0, rows * sizeOf(samples.shape.slice(1))),
    shape: [rows, ...samples.shape.slice(1)],
  };
  return { samples, frames: [...frames.values(), { t: 0, x: last }] };
}

/** Whether a step is the nearest one to any of `frameCount` evenly spaced positions. */
function isKept(step: number, steps: number, frameCount: number): boolean {
  const place = Math.round((step * (frameCount - 1)) / steps);
  return Math.round((place * steps) / (frameCount - 1)) === step;
}

const empty = (rows: number, item: readonly number[]): DataTensor => ({
  data: new Float64Array(rows * sizeOf(item)),
  shape: [rows, ...item],
});
