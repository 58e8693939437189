import { endText } from '../../../data/index.ts';
import { listText, shellWord } from '../../../errors/shell.ts';
import type { RunConfig } from '../../folder/config.ts';
import type { Report } from '../../folder/report.ts';

/** Nats a row that make no difference. */
const SMALL = 0.1;
/** What helps against rows that were learned by heart, by a network or by a mixture. */
const BY_HEART = {
  network: 'Train for fewer steps, on more rows, or with --dropout 0.1',
  mixture: 'Train on more rows, or without a mixture: --scaling gaussian',
};
/** Fewest held-out rows by which a model is judged. */
const LEAST_ROWS = 8;

/** What is wrong, in words, and which option mends it. */
export function remarksOn(
  report: Omit<Report, 'remarks'>,
  data: Pick<RunConfig['data'], 'columns' | 'kinds'> = {},
  kept: keyof typeof BY_HEART = 'network',
): string[] {
  const { gaussian, heldOut, training, mixture, memorisation, margins } = report;
  const remarks: string[] = [];
  const error = gaussian.gainError ?? Number.POSITIVE_INFINITY;
  if (heldOut.rows < LEAST_ROWS)
    remarks.push(`Too few rows were held out to judge the model: ${heldOut.rows}`);
  else if (gaussian.gain < -Math.max(2 * error, SMALL))
    remarks.push(
      `The model is ${nats(-gaussian.gain)} worse than a Gaussian on rows it has not seen: do not use it. ` +
        'Train with the defaults, or on more rows',
    );
  else if (gaussian.gain < error)
    remarks.push('The model is no better than a Gaussian on rows it has not seen, within the error');
  else if (mixture && mixture.nats > heldOut.nats + error)
    remarks.push(
      `A plain mixture of ${mixture.components} Gaussians, each with its own covariance, is ${nats(mixture.nats - heldOut.nats)} better`,
    );
  if (memorisation && memorisation.share > 0.5 + Math.max(0.1, 3 * memorisation.standardError))
    remarks.push(
      `Samples repeat training rows: ${percent(memorisation.share)} of them are nearer to one than ` +
        `held-out rows are (50 % is right). ${BY_HEART[kept]}`,
    );
  if (training.nats - heldOut.nats > Math.max(1, 4 * (heldOut.standardError ?? 0)))
    remarks.push(
      `Training rows score ${nats(training.nats - heldOut.nats)} above held-out rows: some were learned by heart. ${BY_HEART[kept]}`,
    );
  if (margins && margins.error > 0.1 && margins.error > 2 * margins.chance)
    remarks.push(
      `Samples of the column "${margins.column}" differ from the data` +
        (margins.values === undefined
          ? ''
          : `. It has ${margins.values} values: try --kinds '${margins.column}=category'`),
    );
  return [...remarks, ...outsideRemark(report.outside ?? [], data)];
}

/** Samples beyond the data, with the one option that keeps them within all ends. */
function outsideRemark(
  outside: NonNullable<Report['outside']>,
  { columns = [], kinds = [] }: Pick<RunConfig['data'], 'columns' | 'kinds'>,
): string[] {
  if (outside.length === 0) return [];
  const ends = outside.map(({ column, end, value, share }) => {
    const kind = kinds[columns.indexOf(column)];
    const [text, isLeast] = [endText(kind, value), end === 'least'];
    return {
      words: `${shortPercent(share)} % ${isLeast ? 'below' : 'above'} the ${end} of "${column}", ${text}`,
      bound: `${column}${isLeast ? '>=' : '<='}${text}`,
      hasSteps: kind !== undefined && kind.kind !== 'number',
    };
  });
  const become = ends.some(({ hasSteps }) => hasSteps)
    ? ' In a column with steps, samples beyond a bound become the bound.'
    : '';
  return [
    `Samples lie beyond the data: ${ends.map(({ words }) => words).join('; ')}.${become} ` +
      `If none can be there, train with --bounds ${shellWord(listText(ends.map(({ bound }) => bound)))}`,
  ];
}

const nats = (value: number) => `${value.toPrecision(2)} nats a row`;
const percent = (value: number) => `${Math.round(100 * value)} %`;

/** With two digits: 3.1, 47, 100. */
const shortPercent = (share: number) => Number((100 * share).toPrecision(2));
