import type { Engine } from '../../../engine/contract.ts';
import { usage } from '../../../errors.ts';
import type { Part } from '../../../measure/contract.ts';
import { makeGrid } from '../../../registry/grids.ts';
import { makeSolver } from '../../../registry/solvers.ts';
import { sample } from '../../../solve/sample.ts';
import { type DataTensor, type HostTensor, sizeOf } from '../../../tensor/index.ts';
import type { Run } from '../../run.ts';
import { modelOf } from '../labels.ts';
import { rowsAt } from '../rows-at.ts';
import { requireWidth, toData } from '../units.ts';
import type { CalibrateOptions } from './calibrate-options.ts';

/** Truths for each one that bounds may reject. */
const SPARE = 8;
/** Fewest rows that can be truths. */
const LEAST = 10;

/**
 * Rows of data without missing cells, for a truth is measured and ranked in every column; or samples of the
 * model drawn with a seed of their own.
 */
export async function truthsOf(
  run: Run,
  engine: Engine,
  options: CalibrateOptions,
  count: number,
  parts: readonly Part[],
): Promise<DataTensor> {
  if (options.data) {
    requireWidth(run.config, options.data);
    return completeRows(options.data);
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

/** @throws usage if fewer than ten rows are complete */
function completeRows(x: HostTensor): DataTensor {
  const [count, size] = [x.shape[0]!, sizeOf(x.shape.slice(1))];
  const isComplete = (row: number) => !x.data.subarray(row * size, (row + 1) * size).some(Number.isNaN);
  const complete = [...Array(count).keys()].filter(isComplete);
  if (complete.length < count && complete.length < LEAST)
    throw usage('Too few rows have a value in every column to be truths', {
      where: 'data',
      got: `${complete.length} of ${count}`,
      expected: `${LEAST} or more`,
      remedy: 'Give other rows, or take samples of the run: leave the data out',
    });
  return rowsAt(x, complete);
}
