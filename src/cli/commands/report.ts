import { shellWord } from '../../errors/shell.ts';
import { usage } from '../../errors.ts';
import type { Run } from '../../run/run.ts';
import { type ArgsOf, defineCommand, type OptionTable } from '../arguments/command.ts';
import { openRunOf } from '../arguments/open.ts';
import { runOptions, runPositional } from '../arguments/options.ts';
import { flag, required } from '../arguments/values.ts';
import { print, printJson } from '../terminal/output.ts';

const options = {
  sde: runOptions.sde,
  net: runOptions.net,
  json: { type: 'boolean', describe: 'print the report as JSON' },
} as const satisfies OptionTable;
type ReportArgs = ArgsOf<typeof options & typeof runPositional>;

export const reportCommand = defineCommand({
  command: 'report <run>',
  describe: 'print again what the training of a table or a classifier said at its end',
  positionals: runPositional,
  options,
  examples: [
    ['report runs/cars', 'the score beside a Gaussian, and how far samples are from the data'],
    ['report runs/cars --json', 'the same for programs'],
  ],
  run: reportRun,
});

async function reportRun(args: ReportArgs): Promise<void> {
  const dir = required(args, 'run');
  const { holdsClassifier } = await import('../../run/folder/checkpoint.ts');
  if (await holdsClassifier(dir).catch(() => false)) return classifierReport(args, dir);
  const run = await openRunOf(args);
  const { report } = run;
  if (!report) throw noReport(run, dir);
  const { choiceOf, reportLines } = await import('../work/report.ts');
  const last = run.losses.at(-1);
  const trained = last ? `${dir}: ${last.step} steps, loss ${last.loss.toPrecision(4)}${choiceOf(run)}` : dir;
  if (flag(args, 'json')) return printJson({ run: dir, steps: last?.step, report });
  await print([trained, ...reportLines(report, run)].map(line => `${line}\n`));
}

/** The same of a classifier. */
async function classifierReport(args: ReportArgs, dir: string): Promise<void> {
  const { readCurves } = await import('../../run/folder/checkpoint.ts');
  const { accuracy, losses } = await readCurves(dir);
  if (!accuracy)
    throw usage('The classifier has no report: its training makes one at its end, but with --no-report', {
      where: dir,
      remedy: 'Train it again, with rows kept for testing',
    });
  const last = losses.at(-1);
  if (flag(args, 'json')) return printJson({ run: dir, steps: last?.step, report: accuracy });
  const { accuracyLines } = await import('../work/classifier.ts');
  const trained = last ? `${dir}: ${last.step} steps, loss ${last.loss.toPrecision(4)}` : dir;
  await print([trained, ...accuracyLines(accuracy)].map(line => `${line}\n`));
}

const noReport = ({ config: { data } }: Run, dir: string) =>
  usage('The run has no report: the training of a table makes one at its end, but with --no-report', {
    where: dir,
    remedy: `Score it: langevin likelihood ${shellWord(dir)} --data ${shellWord(data.source)}`,
  });
