import { LangevinError, shortList } from '../../errors.ts';
import type { GridName } from '../../registry/grids.ts';
import type { GuidanceName } from '../../registry/guidances.ts';
import type { Run } from '../../run/run.ts';
import type { RunCalibration } from '../../run/use/given/calibrate.ts';
import type { DataTensor } from '../../tensor/types.ts';
import { type ArgsOf, defineCommand, type OptionTable } from '../arguments/command.ts';
import { openEngine, openRunOf, openSolver } from '../arguments/open.ts';
import {
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
import { flag, given, real, required, text, whole } from '../arguments/values.ts';
import { checkOutput, print, printJson } from '../terminal/output.ts';
import type { Session } from '../terminal/session.ts';
import { openRows } from '../work/rows.ts';

const { tolerance: _tolerance, batch: _batch, ...solving } = solverOptions;
const options = {
  'given-pattern': {
    ...word,
    demandOption: true,
    describe: 'a question like those to be asked, such as "a=?±0.1, b=?"; its values are not used',
  },
  data: {
    ...word,
    describe: 'truths from this file, those rows the run was not trained on; else samples of the run',
  },
  truths: { ...value, describe: 'how many; default 200' },
  draws: { ...value, describe: 'answers to each question; default 31' },
  method: {
    ...word,
    describe: 'how it is answered: smc, importance, or a name of `langevin list guidances`',
  },
  particles: { ...value, describe: 'of smc, the particles for each truth; default 128' },
  weight: { ...value, describe: 'weight of the guidance; default 1' },
  ...solving,
  ...out('FILE.png or .svg: the ranks of the truths and the coverage of intervals, as a picture'),
  json: { type: 'boolean', describe: 'print the result as JSON' },
  ...textOptions,
  ...runOptions,
  ...engineOptions,
} as const satisfies OptionTable;
type CalibrateArgs = ArgsOf<typeof options & typeof runPositional>;

export const calibrateCommand = defineCommand({
  command: 'calibrate <run>',
  describe: 'whether answers to questions like this one are right',
  positionals: runPositional,
  options,
  examples: [
    ['calibrate runs/iris --given-pattern "petal_length=?±0.1"', 'the method, on samples of the run'],
    ['calibrate runs/iris --given-pattern "species=?" --out ranks.png', 'with a picture'],
    [
      'calibrate runs/iris --given-pattern "petal_length=?" --data iris.csv',
      'the model too, on rows of data',
    ],
  ],
  run: calibrateRun,
});

async function calibrateRun(args: CalibrateArgs, session: Session): Promise<void> {
  const path = text(args, 'out');
  await checkOutput(path, ['.png', '.svg']);
  const run = await openRunOf(args);
  const { calibrate } = await import('../../run/use/given/calibrate.ts');
  const truths = whole(args, 'truths', 10) ?? 200;
  const rows = await rowsOf(args, run, truths, session.note);
  const progress = session.progress('calibrating');
  const result = await calibrate(run, {
    given: required(args, 'given-pattern'),
    truths,
    ...(rows && { data: rows }),
    ...given({
      draws: whole(args, 'draws'),
      method: text(args, 'method') as GuidanceName | undefined,
      particles: whole(args, 'particles', 2),
      weight: real(args, 'weight'),
      solver: await openSolver(args),
      steps: whole(args, 'steps', 2),
      grid: text(args, 'grid') as GridName | undefined,
      seed: whole(args, 'seed', 0),
    }),
    engine: await openEngine(args, session),
    signal: session.signal,
    onTruth: (done, count) => progress.update({ fraction: done / count }),
  })
    .finally(progress.end)
    .catch((error: unknown) => {
      throw asPattern(error);
    });
  if (path !== undefined) {
    const { plotCalibration, writePicture } = await import('../../report/index.ts');
    const { captionOf } = await import('../work/captions.ts');
    const subtitle = `${result.method}, ${result.truths} truths, ${result.draws} draws of each`;
    await writePicture(path, await plotCalibration(result, { title: captionOf(run), subtitle }));
  }
  if (result.incomplete > 0)
    session.note(`rows with missing cells, left out: ${result.incomplete.toLocaleString('en')}`);
  for (const warning of result.warnings) session.note(`note: ${warning}`);
  if (flag(args, 'json')) return printJson(result);
  await print(linesOf(result).map(line => `${line}\n`));
}

/** The option of a remedy under the name that it has here. */
function asPattern(error: unknown): unknown {
  if (!(error instanceof LangevinError) || typeof error.parts.mend?.options.given !== 'string') return error;
  const { mend, ...parts } = error.parts;
  const options = { 'given-pattern': error.parts.mend.options.given };
  return new LangevinError(error.what, { ...parts, mend: { says: mend!.says, options } }, error.kind);
}

/** Rows that are read for each truth: some have missing cells, or are beyond the bounds of the question. */
const SPARE = 8;

async function rowsOf(
  args: CalibrateArgs,
  run: Run,
  most: number,
  onNote: Session['note'],
): Promise<DataTensor | undefined> {
  const spec = text(args, 'data');
  if (spec === undefined) return undefined;
  const seed = whole(args, 'seed', 0) ?? 0;
  const rows = await openRows(spec, run.config, {
    run: required(args, 'run'),
    count: most,
    most: SPARE * most,
    ...{ seed, onNote },
    text: textOptionsOf(args),
  });
  return rows.read(0);
}

/** The result for a person: a line for each number that was ranked, and what follows from them. */
function linesOf({
  method,
  truths,
  draws,
  from,
  coverage,
  pValue,
  rows,
  leftOut,
  warnings,
}: RunCalibration): string[] {
  const width = rows.reduce((most, { name }) => Math.max(most, name.length), 'held by intervals of'.length);
  const line = (name: string, shares: readonly number[], p: number) =>
    `${name.padEnd(width)}  ${shares.map(share => `${(100 * share).toFixed(0)} %`.padStart(7)).join('  ')}  ${p.toPrecision(2).padStart(8)}`;
  const worst = rows.reduce((a, b) => (b.pValue < a.pValue ? b : a));
  const verdict =
    pValue > 0.01
      ? `nothing speaks against the answers${warnings.length > 0 ? ', but so few truths can tell little' : ''}`
      : `the answers are wrong, most of all in "${worst.name}"`;
  return [
    `${method}: ${truths} truths ${from === 'data' ? 'of the data' : 'from the run'}, ${draws} draws of each`,
    `${'held by intervals of'.padEnd(width)}  ${[50, 80, 95].map(level => `${level} %`.padStart(7)).join('  ')}         p`,
    ...rows.map(row => line(row.name, row.coverage, row.pValue)),
    line('all columns', coverage, pValue),
    ...(leftOut.length === 0 ? [] : [`not ranked, because given exactly: ${shortList(leftOut, 8)}`]),
    verdict,
  ];
}
