import type { Engine } from '../../../engine/index.ts';
import type { Report } from '../../folder/report.ts';
import type { TrainedRun } from '../../run.ts';
import { dataOf, isDataset, storedReading } from '../data.ts';
import type { TrainOptions } from '../options.ts';
import type { Prepared } from '../prepare.ts';
import { reportOf } from './report.ts';

/** Widest rows that are reported on. */
const MOST_COLUMNS = 256;

/** Whether the rows of a file are kept for testing. */
export const hasTestRows = ({ data }: Prepared['config'], options: TrainOptions): boolean =>
  !isDataset(options.data) && data.testFraction > 0;

/**
 * The report of a training, if it was asked for and there are rows that it did not see: the test rows of a
 * file, else the validation rows.
 */
export async function reportFor(
  run: TrainedRun,
  { dataset, config }: Prepared,
  engine: Engine,
  options: TrainOptions,
): Promise<Report | undefined> {
  if (!options.report || !dataset.all || dataset.shape.length !== 1) return undefined;
  // It scores rows and draws samples, which need all noise levels.
  if (config.objective.sigma !== undefined) return undefined;
  if (dataset.shape[0]! > MOST_COLUMNS) {
    options.onNote?.(`no report: rows of more than ${MOST_COLUMNS} values are not scored`);
    return undefined;
  }
  const parts = { training: dataset, engine, signal: options.signal };
  if (hasTestRows(config, options)) {
    const reading = { ...options, ...storedReading(config), validationFraction: 0 };
    const heldOut = await dataOf(reading, config.seed, dataset.transform, 'test');
    return reportOf(run, { ...parts, heldOut, part: 'test' });
  }
  return dataset.validation && reportOf(run, { ...parts, heldOut: dataset.validation, part: 'validation' });
}
