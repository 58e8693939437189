import type { Engine } from '../../../engine/contract.ts';
import type { Part } from '../../../measure/contract.ts';
import { makeGrid } from '../../../registry/grids.ts';
import { makeSolver } from '../../../registry/solvers.ts';
import { sample } from '../../../solve/sample.ts';
import type { DataTensor } from '../../../tensor/index.ts';
import type { Run } from '../../run.ts';
import { modelOf } from '../labels.ts';
import { requireWidth, toData } from '../units.ts';
import type { CalibrateOptions } from './calibrate-options.ts';

/** Truths for each one that bounds may reject. */
const SPARE = 8;

/** Rows of data, or samples of the model drawn with a seed of their own. */
export async function truthsOf(
  run: Run,
  engine: Engine,
  options: CalibrateOptions,
  count: number,
  parts: readonly Part[],
): Promise<DataTensor> {
  if (options.data) {
    requireWidth(run.config, options.data);
    return { data: Float64Array.from(options.data.data), shape: options.data.shape };
  }
  const bounded = parts.some(
    part => (part.kind === 'word' && !part.open) || ('law' in part && part.law.kind === 'between'),
  );
  const samples = await sample({
    engine,
    sde: run.sde,
    model: modelOf(run, options),
    solver: makeSolver('unipc'),
    steps: 50,
    grid: makeGrid('log-snr'),
    count: bounded ? SPARE * count : count,
    seed: (options.seed ?? 0) + 2 ** 32,
    ...(options.signal && { signal: options.signal }),
  });
  const shape = [samples.shape[0]!, ...run.config.data.shape];
  return { data: toData(run.config, samples.data, true), shape };
}
