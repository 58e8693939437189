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
  describe: 'print again what the training of a table said at its end',
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
  const run = await openRunOf(args);
  const { report } = run;
  if (!report) throw noReport(run, dir);
  const { choiceOf, reportLines } = await import('../work/report.ts');
  const last = run.losses.at(-1);
  const trained = last ? `${dir}: ${last.step} steps, loss ${last.loss.toPrecision(4)}${choiceOf(run)}` : dir;
  if (flag(args, 'json')) return printJson({ run: dir, steps: last?.step, report });
  await print([trained, ...reportLines(report, run)].map(line => `${line}\n`));
}

const noReport = ({ config: { data } }: Run, dir: string) =>
  usage('The run has no report: the training of a table makes one at its end, but with --no-report', {
    where: dir,
    remedy: `Score it: langevin likelihood ${shellWord(dir)} --data ${shellWord(data.source)}`,
  });
