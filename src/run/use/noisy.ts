import { fillNormal, key } from '../../random/index.ts';
import { type DataTensor, type HostTensor, sizeOf } from '../../tensor/index.ts';
import type { Run } from '../run.ts';
import { noiseOf } from './labels.ts';
import { toData, toModel } from './units.ts';

/**
 * Rows `[N, ...D]` of data with noise of the run's level, or of 0.05 standard deviations, in data units. The
 * noise of row i depends on (seed, i) alone.
 */
export function withNoise(run: Run, rows: HostTensor, seed = 0): DataTensor {
  const z = toModel(run.config, rows);
  const sigma = noiseOf(run, undefined);
  const noise = new Float32Array(z.data.length);
  fillNormal(noise, key(seed, 'rows/noise'), { step: 0, first: 0, size: sizeOf(z.shape.slice(1)) });
  const noisy = noise.map((value, i) => z.data[i]! + sigma * value);
  return { data: toData(run.config, noisy), shape: rows.shape };
}
