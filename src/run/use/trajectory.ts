import { usage } from '../../errors.ts';
import { type DataTensor, sizeOf } from '../../tensor/index.ts';
import type { Run } from '../run.ts';
import { type DataSamples, type SampleRunOptions, sample } from './sample.ts';
import { toData } from './units.ts';

/** How samples come about: the options of `sample`, and what is kept of the way. */
export interface SamplePathOptions extends Omit<SampleRunOptions, 'onState'> {
  /** States kept, the prior draw and the sample among them, evenly over the steps; default 9. */
  readonly frames?: number;
  /** Samples whose states are kept, the first ones; default 16. */
  readonly shown?: number;
}

/** A state on the way, in the units of the data. */
export interface SampleFrame {
  /** The time of the state, from tMax (noise) down to 0 (the samples themselves). */
  readonly t: number;
  /** `[shown, ...D]` */
  readonly x: DataTensor;
}

/** Samples with the way there. */
export interface SamplePath {
  /** From the prior to the samples. */
  readonly frames: readonly SampleFrame[];
  /** What `sample` gives for the same options. */
  readonly samples: DataSamples;
}

/**
 * Draws as `sample` does, the same samples, and keeps states x_t on the way, each brought to the variance of
 * the data: shown is x_t/√(scale² + std²), the scale and std of the SDE at t. The last frame holds the
 * samples themselves.
 * @throws usage for fewer than two frames, and for an adaptive solver without `steps`, which has no common
 *   times
 */
export async function samplePath(run: Run, options: SamplePathOptions): Promise<SamplePath> {
  const { frames: wanted = 9, shown = 16, ...rest } = options;
  for (const [name, value, least] of [
    ['frames', wanted, 2],
    ['shown', shown, 1],
  ] as const)
    if (!(Number.isInteger(value) && value >= least))
      throw usage(`Impossible number of ${name}`, { got: value, expected: `a whole number from ${least}` });
  const rows = Math.min(shown, options.count);
  const kept = new Map<number, SampleFrame>();
  const samples = await sample(run, {
    ...rest,
    onState: (state, { t, step, steps, first }) => {
      if (first >= rows || step === steps || !isKept(step, steps, wanted)) return;
      const item = state.shape.slice(1);
      const frame = kept.get(step) ?? { t, x: empty(rows, item) };
      const part = state.data.subarray(0, Math.min(state.shape[0]!, rows - first) * sizeOf(item));
      const { scale, std } = run.sde.marginal(t);
      const size = Math.hypot(scale, std);
      const unit = part.map(value => value / size);
      frame.x.data.set(toData(run.config, unit), first * sizeOf(item));
      kept.set(step, frame);
    },
  });
  const last = {
    data: samples.data.slice(0, rows * sizeOf(samples.shape.slice(1))),
    shape: [rows, ...samples.shape.slice(1)],
  };
  return { samples, frames: [...kept.values(), { t: 0, x: last }] };
}

/** Whether a step is the nearest to one of so many places, evenly spread. */
function isKept(step: number, steps: number, wanted: number): boolean {
  const place = Math.round((step * (wanted - 1)) / steps);
  return Math.round((place * steps) / (wanted - 1)) === step;
}

const empty = (rows: number, item: readonly number[]): DataTensor => ({
  data: new Float64Array(rows * sizeOf(item)),
  shape: [rows, ...item],
});
