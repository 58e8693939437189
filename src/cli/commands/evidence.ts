import { usage } from '../../errors.ts';
import type { GridName } from '../../registry/grids.ts';
import type { EvidenceEstimate } from '../../run/use/given/evidence.ts';
import { type ArgsOf, defineCommand, type OptionTable } from '../arguments/command.ts';
import { openEngine, openRunOf } from '../arguments/open.ts';
import { engineOptions, runOptions, runPositional, value, word } from '../arguments/options.ts';
import { flag, given, text, whole } from '../arguments/values.ts';
import { print, printJson } from '../terminal/output.ts';
import type { Session } from '../terminal/session.ts';
import { rangeText, unitsText } from '../work/given.ts';
import { classesOf, classOptions } from '../work/given-classes.ts';

const options = {
  given: { ...word, describe: 'what is known: "a=1.5, b+2*c=3±0.1, d>0"' },
  ...classOptions,
  particles: { ...value, describe: 'particles of a population; default 256' },
  populations: { ...value, describe: 'independent populations, whose scatter gives the interval; default 8' },
  steps: { ...value, describe: 'steps of the time grid; default 50 or 100' },
  grid: { ...word, describe: 'a name of `langevin list grids`; default log-snr' },
  json: { type: 'boolean', describe: 'print the result as JSON' },
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
    ['evidence runs/iris --classifier runs/which --class setosa', 'the share of a class'],
    ['evidence runs/iris --given "petal_length>6, sepal_width<2.5"', 'the log-probability of bounds'],
  ],
  run: evidenceRun,
});

async function evidenceRun(args: EvidenceArgs, session: Session): Promise<void> {
  const run = await openRunOf(args);
  const { evidence } = await import('../../run/use/given/evidence.ts');
  const clauses = text(args, 'given');
  const known = [...(clauses === undefined ? [] : [clauses]), ...(await classesOf(args, run))];
  if (known.length === 0) throw usage('Nothing is known', { remedy: 'Say what is: --given "a=1.5±0.1"' });
  const progress = session.progress('weighing');
  const result = await evidence(run, {
    given: known,
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
  if (flag(args, 'json'))
    return printJson({ ...rest, shares: Array.from(shares, share => Number(share.toFixed(4))) });
  await print(linesOf(result).map(line => `${line}\n`));
}

/** The result for a person. */
function linesOf(result: EvidenceEstimate): string[] {
  const { logEvidence, interval, method, populations, effectiveSampleSize, gridError } = result;
  const range = rangeText(interval);
  if (logEvidence !== null && effectiveSampleSize === null)
    return [`log evidence ${logEvidence.toFixed(3)} nats${range}, in closed form`, unitsText(result), method];
  const half = gridError === null ? '' : `, half the steps change it by ${gridError.toFixed(3)}`;
  return [
    logEvidence === null
      ? 'no evidence: the particles collapsed'
      : `log evidence ${logEvidence.toFixed(3)} nats${range}`,
    `${method}, ${populations} populations, ${effectiveSampleSize?.toFixed(0)} effective samples${half}`,
    unitsText(result),
  ].filter(line => line !== '');
}
