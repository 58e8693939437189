import type { GridName } from '../../registry/grids.ts';
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
import { given, required, text, whole } from '../arguments/values.ts';
import { checkOutput } from '../terminal/output.ts';
import type { Session } from '../terminal/session.ts';
import { lostRows } from '../work/far-rows.ts';
import { openRows, type Rows } from '../work/rows.ts';
import { strangeNames } from '../work/strangers.ts';
import { writeFilled } from '../work/table-output.ts';

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
  const { filled, fillOf, intervalOf } = await import('../work/fills.ts');
  const [fill, interval] = [fillOf(args), intervalOf(args)];
  const run = await openRunOf(args);
  const rows = await openRows(required(args, 'data'), run.config, {
    count: 0,
    seed: 0,
    strangers: true,
    onNote: session.note,
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
  const table = filled(run, result, fill, interval);
  const each = fill === 'draws' ? result.draws.shape[1]! : 1;
  await writeFilled(path, table, run.config, {
    file: required(args, 'data'),
    text: rows.dataset.text,
    rows: Uint32Array.from({ length: table.shape[0]! }, (_, i) => rows.numbers[Math.floor(i / each)]! - 1),
    known: keptCells(rows, read, table, each),
    means: fill === 'mean',
  });
  session.note(filledRemark(rows, result));
  for (const remark of strangeNames(rows, 'They stay as they are, and say nothing of the other cells'))
    session.note(remark);
  for (const remark of await lostRows(run, read, result, rows.numbers)) session.note(remark);
}

/**
 * Whether each cell stands as it was written: known ones, and those that stay unfilled, as names that the run
 * lacks.
 */
function keptCells(rows: Rows, read: DataTensor, table: DataTensor, each: number): Uint8Array {
  const width = table.data.length / table.shape[0]!;
  const strange = new Set(rows.strangers.map(({ at, column }) => at * width + column));
  return Uint8Array.from({ length: table.data.length }, (_, i) => {
    const cell = Math.floor(i / (each * width)) * width + (i % width);
    const isFilled = Number.isNaN(read.data[cell]) && !Number.isNaN(table.data[i]) && !strange.has(cell);
    return isFilled ? 0 : 1;
  });
}

function filledRemark({ strangers }: Rows, { missing, filled, draws, lost }: Imputed): string {
  const holes = missing - strangers.length;
  if (holes === 0) return 'no cell was missing: the rows are as they were';
  const [cells, each] = [Math.max(0, filled - strangers.length), draws.shape[1]!];
  const others =
    cells < holes && lost.length === 0 ? '; the others are of columns that are always known' : '';
  return `${cells} of ${holes} missing cells filled, from ${each} ${each === 1 ? 'draw' : 'draws'} of each row${others}`;
}
