import { basename } from 'node:path';
import type { ModelConfig } from '../../run/folder/config.ts';
import type { Run } from '../../run/run.ts';
import { logLikelihood } from '../../run/use/likelihood.ts';
import type { UseOptions } from '../../run/use/options.ts';
import { cheapFlow } from './flow.ts';
import { openRows } from './rows.ts';

/** Which run a picture shows: its data, its SDE and how long it was trained. */
export function captionOf({ config, sde, losses }: Run): string {
  const step = losses.at(-1)?.step;
  return [
    basename(config.data.source),
    sde.name,
    step === undefined ? '' : `${step.toLocaleString('en')} steps`,
  ]
    .filter(Boolean)
    .join(', ');
}

/** The names of a table's columns, where it has names. */
export const columnsOf = ({ data: { columns } }: ModelConfig) => (columns ? { columns } : {});

/** More rows, or wider ones, would take longer than the picture itself. */
const [mostRows, mostColumns] = [500, 16];

/**
 * The mean log-likelihood of what the run was not trained on, with its standard error, in words; undefined
 * where that is not known in a moment: for wide rows, and where no rows were kept from training.
 */
export async function heldOutScore(
  run: Run,
  folder: string,
  options: UseOptions,
): Promise<string | undefined> {
  const { config } = run;
  if (config.data.shape.length > 1 || config.data.shape[0]! > mostColumns) return undefined;
  const limits = { count: mostRows, most: mostRows, seed: config.seed };
  const rows = await openRows(config.data.source, config, { run: folder, ...limits });
  const count = rows.numbers.length;
  if (count === 0 || !(rows.heldOut || rows.dataset.count === Infinity)) return undefined;
  const { mean, standardError } = await logLikelihood(run, rows.read(), { ...cheapFlow, ...options });
  const error = standardError === null ? '' : ` ± ${standardError.toPrecision(1)}`;
  return `held out: ${mean.toFixed(2).replace('-', '−')}${error} nats (${count} ${rows.heldOut ? 'rows' : 'fresh points'})`;
}
