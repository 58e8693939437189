import { usage } from '../../errors.ts';
import type { GridName } from '../../registry/grids.ts';
import type { Run } from '../../run/run.ts';
import type { Imputed } from '../../run/use/impute.ts';
import type { DataTensor } from '../../tensor/types.ts';
import { type ArgsOf, defineCommand, type OptionTable } from '../arguments/command.ts';
import { openEngine, openRunOf, openSolver } from '../arguments/open.ts';
import {
  arrayOption,
  engineOptions,
  out,
  runOptions,
  runPositional,
  solverOptions,
  textOptions,
  textOptionsOf,
  value,
  word,
} from '../arguments/options.ts';
import { given, real, required, text, whole } from '../arguments/values.ts';
import { checkOutput } from '../terminal/output.ts';
import type { Session } from '../terminal/session.ts';
import { lostRows } from '../work/far-rows.ts';
import { openRows } from '../work/rows.ts';
import { strangeNames } from '../work/strangers.ts';
import { writeFilled } from '../work/table-output.ts';

const fills = ['median', 'mean', 'draws', 'low', 'high'] as const;

const options = {
  data: { ...word, demandOption: true, describe: 'a file with the columns of the run and missing cells' },
  draws: { ...value, describe: 'draws for each row; default 20' },
  fill: {
    ...word,
    describe:
      'what stands in a filled cell: median of its draws (default; the most frequent of words), mean, low or high (ends of --interval), or draws (each row once for each draw)',
  },
  interval: { ...value, describe: 'share of the draws between low and high; default 0.9' },
  ...solverOptions,
  ...arrayOption,
  ...textOptions,
  ...runOptions,
  ...out('FILE.csv, .tsv, .jsonl or .npy; CSV to stdout without it'),
  ...engineOptions,
} as const satisfies OptionTable;
type ImputeArgs = ArgsOf<typeof options & typeof runPositional>;

export const imputeCommand = defineCommand({
  command: 'impute <run>',
  describe: 'fill the missing cells of a table',
  positionals: runPositional,
  options,
  examples: [
    ['impute runs/cars --data holes.csv --out filled.csv', 'every missing cell by the median of its draws'],
    ['impute runs/cars --data holes.csv --fill draws --draws 5', 'five completions of each row'],
    ['impute runs/cars --data holes.csv --fill low --interval 0.8', 'the lower end of 80 % intervals'],
  ],
  run: imputeRun,
});

async function imputeRun(args: ImputeArgs, session: Session): Promise<void> {
  const path = text(args, 'out');
  await checkOutput(path, ['.csv', '.tsv', '.jsonl', '.npy']);
  const fill = fillOf(args);
  const run = await openRunOf(args);
  const rows = await openRows(required(args, 'data'), run.config, {
    count: 0,
    seed: 0,
    strangers: true,
    text: textOptionsOf(args),
    ...given({ array: text(args, 'array') }),
  });
  const { impute } = await import('../../run/use/impute.ts');
  const progress = session.progress('imputing');
  const read = rows.read();
  const result = await impute(run, read, {
    signal: session.signal,
    ...given({
      draws: whole(args, 'draws'),
      seed: whole(args, 'seed', 0),
      steps: whole(args, 'steps'),
      batch: whole(args, 'batch'),
      grid: text(args, 'grid') as GridName | undefined,
      solver: await openSolver(args),
    }),
    engine: await openEngine(args, session),
    onProgress: progress.update,
  }).finally(progress.end);
  const table = filled(run, result, fill, real(args, 'interval', 0) ?? 0.9);
  const each = fill === 'draws' ? result.draws.shape[1]! : 1;
  const width = table.data.length / table.shape[0]!;
  const strange = new Set(rows.strangers.map(({ at, column }) => at * width + column));
  await writeFilled(path, table, run.config, {
    file: required(args, 'data'),
    text: rows.dataset.text,
    rows: Uint32Array.from({ length: table.shape[0]! }, (_, i) => rows.numbers[Math.floor(i / each)]! - 1),
    // A cell that stays unfilled stands as it was written, too, and so does a name that the run lacks.
    known: Uint8Array.from({ length: table.data.length }, (_, i) => {
      const cell = Math.floor(i / (each * width)) * width + (i % width);
      const isFilled = Number.isNaN(read.data[cell]) && !Number.isNaN(table.data[i]) && !strange.has(cell);
      return isFilled ? 0 : 1;
    }),
    raw: fill === 'mean',
  });
  const strangers = rows.strangers.length;
  const missing = result.missing - strangers;
  const drawCount = result.draws.shape[1]!;
  const filledCells = Math.max(0, result.filled - strangers);
  session.note(
    missing === 0
      ? 'no cell was missing: the rows are as they were'
      : `${filledCells} of ${missing} missing cells filled, from ${drawCount} ${drawCount === 1 ? 'draw' : 'draws'} of each row` +
          (filledCells < missing && result.lost.length === 0
            ? '; the others are of columns that are always known'
            : ''),
  );
  for (const remark of strangeNames(rows, 'They stay as they are, and say nothing of the other cells'))
    session.note(remark);
  for (const remark of await lostRows(run, read, result, rows.numbers)) session.note(remark);
}

function fillOf(args: ImputeArgs): (typeof fills)[number] {
  const fillName = text(args, 'fill') ?? 'median';
  const fill = fills.find(name => name === fillName);
  if (fill) return fill;
  throw usage('The option has a wrong value', { where: '--fill', got: fillName, expected: fills.join(', ') });
}

/** The rows that are written. */
function filled(
  run: Run,
  { draws, rows }: Imputed,
  fill: (typeof fills)[number],
  interval: number,
): DataTensor {
  const [count, each, width] = draws.shape as [number, number, number];
  if (fill === 'draws') return { data: draws.data, shape: [count * each, width] };
  if (fill === 'median') return rows;
  if (!(interval > 0 && interval < 1))
    throw usage('The interval is a share of the draws', {
      where: '--interval',
      got: interval,
      expected: 'above 0 and below 1',
    });
  const share = { mean: Number.NaN, low: (1 - interval) / 2, high: (1 + interval) / 2 }[fill];
  const { transform } = run.config;
  const isCategory = (c: number) => 'cells' in transform && transform.cells[c]!.kind === 'category';
  const data = Float64Array.from(rows.data);
  for (let i = 0; i < data.length; i++) {
    const [row, c] = [Math.floor(i / width), i % width];
    if (isCategory(c)) continue;
    const cellDraws = Float64Array.from(
      { length: each },
      (_, k) => draws.data[(row * each + k) * width + c]!,
    ).sort();
    data[i] = fill === 'mean' ? meanOf(cellDraws) : quantile(cellDraws, share);
  }
  return { data, shape: [count, rows.data.length / count] };
}

const meanOf = (values: Float64Array) => values.reduce((sum, one) => sum + one, 0) / values.length;

/** The quantile of sorted values, between neighbours by their distance. */
function quantile(sorted: Float64Array, share: number): number {
  const place = share * (sorted.length - 1);
  const [low, part] = [Math.floor(place), place % 1];
  const next = sorted[Math.min(low + 1, sorted.length - 1)]!;
  return part === 0 ? sorted[low]! : sorted[low]! * (1 - part) + next * part;
}
