import type { Dataset } from '../../data/index.ts';
import type { Preset } from '../../presets/index.ts';
import { ncsnv2For, techniques } from '../../presets/techniques.ts';
import { key } from '../../random/index.ts';
import { type PresetName, presetOf } from '../../registry/presets.ts';
import { sizeOf } from '../../tensor/index.ts';
import type { TrainOptions } from './options.ts';

/** Rows among which the largest distance is sought. */
const ROWS = 512;

/**
 * A preset for some data. `ncsnv2` has its levels and its step from the data (Song & Ermon 2020), and says
 * them; the others are as published.
 */
export function presetFor(
  name: PresetName,
  dataset: Dataset,
  seed: number,
  { onNote }: Pick<TrainOptions, 'onNote'>,
): Preset {
  if (name !== 'ncsnv2') return presetOf(name);
  const distance = largestDistance(dataset, seed);
  const size = sizeOf(dataset.shape);
  const settings = techniques({ distance, size });
  onNote?.(
    `ncsnv2 for these data: σ from ${distance.toPrecision(3)}, the largest distance of two rows, to 0.01 in ${settings.sigmas.length} levels for D = ${size}, step ${settings.step.toPrecision(2)} (snr ${settings.snr.toPrecision(2)})`,
  );
  return ncsnv2For(settings);
}

/** The largest distance between two of up to 512 rows, in model units. */
function largestDistance(dataset: Dataset, seed: number): number {
  const size = sizeOf(dataset.shape);
  const count = Math.min(dataset.count, ROWS);
  const stride = dataset.count === Infinity ? 1 : dataset.count / count;
  const samples = Uint32Array.from({ length: count }, (_, i) => Math.floor(i * stride));
  const rows = new Float64Array(count * size);
  dataset.read(rows, key(seed, 'preset'), samples);
  let most = 0;
  for (let i = 0; i < count; i++)
    for (let k = 0; k < i; k++) {
      let sum = 0;
      for (let j = 0; j < size; j++) sum += (rows[i * size + j]! - rows[k * size + j]!) ** 2;
      most = Math.max(most, sum);
    }
  return Math.sqrt(most);
}
