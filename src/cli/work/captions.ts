import { basename } from 'node:path';
import type { ColumnKind } from '../../data/index.ts';
import type { AxisWords } from '../../report/axis.ts';
import type { ModelConfig } from '../../run/folder/config.ts';
import type { Report } from '../../run/folder/report.ts';
import type { Run } from '../../run/run.ts';
import { componentsOf } from '../../run/shape.ts';
import { logLikelihood } from '../../run/use/likelihood.ts';
import type { UseOptions } from '../../run/use/options.ts';
import { cheapFlow } from './flow.ts';
import { openRows } from './rows.ts';

/** The title of a picture: the data of the run, its SDE, and its number of steps or Gaussians. */
export function captionOf({ config, sde, losses }: Run): string {
  const step = losses.at(-1)?.step;
  const components = componentsOf(config);
  const steps = step === undefined ? '' : `${step.toLocaleString('en')} steps`;
  return [
    basename(config.data.source),
    sde.name,
    components > 1 ? `a mixture of ${components} Gaussians` : steps,
  ]
    .filter(Boolean)
    .join(', ');
}

/** The names of a table's columns, if it has names, and what their numbers stand for. */
export const columnsOf = ({ data: { columns, kinds } }: ModelConfig) => ({
  ...(columns && { columns }),
  ...(kinds && { words: kinds.map(wordsOf) }),
});

function wordsOf(kind: ColumnKind): AxisWords | undefined {
  if (kind.kind === 'date') return { kind: 'date' };
  return 'names' in kind ? { kind: 'names', names: kind.names } : undefined;
}

/** Limits: with more or wider rows the score would take longer than the picture. */
const [mostRows, mostColumns] = [500, 16];

/**
 * The mean log-likelihood of held-out rows with its standard error, as text. Undefined if it takes more than
 * a moment (wide rows), and if no rows were kept from training.
 */
export async function heldOutScore(
  run: Run,
  folder: string,
  options: UseOptions,
): Promise<string | undefined> {
  const { config, report } = run;
  if (report) return scoreIn(report);
  if (config.data.shape.length > 1 || config.data.shape[0]! > mostColumns) return undefined;
  const limits = { count: mostRows, most: mostRows, seed: config.seed };
  const rows = await openRows(config.data.source, config, { run: folder, ...limits });
  const count = rows.numbers.length;
  if (count === 0 || !(rows.heldOut || rows.dataset.count === Infinity)) return undefined;
  const { mean, standardError } = await logLikelihood(run, rows.read(), { ...cheapFlow, ...options });
  const error = standardError === null ? '' : ` ± ${standardError.toPrecision(1)}`;
  return `held out: ${mean.toFixed(2).replace('-', '−')}${error} nats (${count} ${rows.heldOut ? 'rows' : 'fresh points'})`;
}

/** The score in the report of a training, beside that of a Gaussian. */
function scoreIn({ heldOut: { nats, standardError, rows }, gaussian }: Report): string {
  const [mean, other] = [nats, gaussian.nats].map(value => value.toFixed(2).replace('-', '−'));
  const error = standardError === null ? '' : ` ± ${standardError.toPrecision(1)}`;
  return `held out: ${mean}${error} nats (${rows} rows; a Gaussian ${other})`;
}
