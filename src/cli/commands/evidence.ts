import type { GridName } from '../../registry/grids.ts';
import { type ArgsOf, defineCommand, type OptionTable } from '../arguments/command.ts';
import { openEngine, openRunOf } from '../arguments/open.ts';
import { engineOptions, runOptions, runPositional, value, word } from '../arguments/options.ts';
import { given, required, text, whole } from '../arguments/values.ts';
import { printJson } from '../terminal/output.ts';
import type { Session } from '../terminal/session.ts';

const options = {
  given: { ...word, demandOption: true, describe: 'what is known: "a=1.5, b+2*c=3±0.1, d>0"' },
  particles: { ...value, describe: 'particles of a population; default 256' },
  populations: { ...value, describe: 'independent populations, whose scatter gives the interval; default 8' },
  steps: { ...value, describe: 'steps of the time grid; default 50' },
  grid: { ...word, describe: 'a name of `langevin list grids`; default log-snr' },
  label: { ...word, describe: 'of a run with labels: log p(what is given | label)' },
  ...runOptions,
  ...engineOptions,
} as const satisfies OptionTable;
type EvidenceArgs = ArgsOf<typeof options & typeof runPositional>;

export const evidenceCommand = defineCommand({
  command: 'evidence <run>',
  describe: 'how likely what is known is under a run: log p(y) with an interval',
  positionals: runPositional,
  options,
  examples: [
    ['evidence runs/iris --given "petal_length=4.5±0.1"', 'the log-density of a measurement'],
    ['evidence runs/iris --given "petal_length>6, sepal_width<2.5"', 'the log-probability of bounds'],
  ],
  run: evidenceRun,
});

async function evidenceRun(args: EvidenceArgs, session: Session): Promise<void> {
  const run = await openRunOf(args);
  const { evidence } = await import('../../run/use/given/evidence.ts');
  const progress = session.progress('weighing');
  const result = await evidence(run, {
    given: required(args, 'given'),
    ...given({
      particles: whole(args, 'particles', 2),
      populations: whole(args, 'populations', 2),
      steps: whole(args, 'steps', 2),
      seed: whole(args, 'seed', 0),
      label: text(args, 'label'),
      grid: text(args, 'grid') as GridName | undefined,
    }),
    engine: await openEngine(args, session),
    signal: session.signal,
    onProgress: progress.update,
  }).finally(progress.end);
  for (const warning of result.warnings) session.note(`note: ${warning}`);
  const { shares, ...rest } = result;
  await printJson({ ...rest, shares: Array.from(shares, share => Number(share.toFixed(4))) });
}
