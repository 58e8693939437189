import { usage } from '../../errors.ts';
import type { ClassifierReport } from '../../run/folder/classifier-report.ts';
import type { TrainClassifierOptions } from '../../run/train/classifier/options.ts';
import { engineStarter } from '../arguments/open.ts';
import { requireSame } from '../arguments/resume.ts';
import type { TrainArgs } from '../arguments/train/options.ts';
import { beginningOf, trainingSettings } from '../arguments/train/request.ts';
import { flag, given, pairs, real, text, whole } from '../arguments/values.ts';
import { printJson } from '../terminal/output.ts';
import type { Session } from '../terminal/session.ts';
import { destination, farewell } from './destination.ts';

/** Options that a classifier would ignore. */
const OF_MODELS = [
  'preset',
  'from',
  'weighting',
  'sigma',
  'predicts',
  'optimizer',
  'optimizer-options',
  'label-dropout',
  'conditional',
  'condition',
  'sample-every',
  'sample-count',
  'quality-every',
] as const satisfies readonly (keyof TrainArgs)[];

/** Whether the command trains a classifier, or goes on with one. @throws usage for --for without one */
export async function isClassifierWork(args: TrainArgs): Promise<boolean> {
  const objective = text(args, 'objective');
  if (objective === 'classifier') return true;
  const out = text(args, 'out');
  if (objective === undefined && flag(args, 'resume') && out !== undefined) {
    const { holdsClassifier } = await import('../../run/folder/checkpoint.ts');
    if (await holdsClassifier(out).catch(() => false)) return true;
  }
  if (args.for === undefined) return false;
  throw usage('--for names the run that a classifier will guide', {
    remedy: 'Train a classifier: --objective classifier, or leave --for out',
  });
}

/** Trains a classifier, and says how good it is. */
export async function runClassifier(args: TrainArgs, session: Session): Promise<void> {
  const stray = OF_MODELS.find(name => args[name] !== undefined);
  if (stray !== undefined)
    throw usage(`A classifier has no --${stray}`, {
      where: '--objective classifier',
      remedy: 'Leave it out',
    });
  const { out, resume } = await destination(args, session);
  const begin = performance.now();
  const start = engineStarter(args, session);
  const progress = session.progress('training');
  const options: TrainClassifierOptions = {
    ...(resume ? await resumedOptions(args, out) : await freshOptions(args)),
    out,
    report: args.report as boolean,
    signal: session.signal,
    onProgress: at => progress.update({ fraction: at.step / at.steps, ...at }),
    onNote: note => session.note(note),
  };
  const { trainClassifierOn } = await import('../../run/train/classifier/train.ts');
  const run = await trainClassifierOn(start, options).catch(async (error: unknown) => {
    progress.end();
    if (session.signal.aborted) session.note(await farewell(out));
    throw error;
  });
  progress.end();
  const { step, loss } = run.losses.at(-1)!;
  const seconds = (performance.now() - begin) / 1000;
  const best = run.validation ? `; the weights of step ${run.validation.best} are kept` : '';
  session.note(
    `trained ${step} steps in ${seconds.toFixed(1)} s, loss ${loss.toPrecision(4)}: ${out}${best}`,
  );
  const { accuracy } = run;
  for (const line of accuracy ? accuracyLines(accuracy) : []) session.note(line);
  if (flag(args, 'json'))
    await printJson({ run: out, steps: step, loss, seconds, ...(accuracy && { report: accuracy }) });
}

async function freshOptions(args: TrainArgs): Promise<TrainClassifierOptions> {
  const { labelDropout: _dropout, ...settings } = trainingSettings(args);
  return {
    ...(await beginningOf(args)),
    ...given({
      for: text(args, 'for'),
      engine: text(args, 'engine') as TrainClassifierOptions['engine'],
    }),
    ...(given(settings) as Partial<TrainClassifierOptions>),
    objective: pairs(args, 'objective-options') as TrainClassifierOptions['objective'] & object,
    net: {
      name: text(args, 'net') ?? 'mlp',
      ...given({
        width: whole(args, 'width'),
        depth: whole(args, 'depth'),
        dropout: real(args, 'dropout', 0),
      }),
      ...pairs(args, 'net-options'),
    },
  };
}

/** The settings of the run decide: those on the command line have to agree. */
async function resumedOptions(args: TrainArgs, dir: string): Promise<TrainClassifierOptions> {
  const { readClassifier } = await import('../../run/folder/checkpoint.ts');
  const { config } = await readClassifier(dir);
  requireSame(args, config, dir);
  return {
    data: text(args, 'data') ?? config.data.source,
    resume: true,
    ...given({ steps: whole(args, 'steps'), stream: args.stream as boolean | undefined }),
  };
}

/** How good a classifier is, a line each. */
export function accuracyLines({ part, rows, levels, largest, frequencies }: ClassifierReport): string[] {
  const percent = (share: number) => `${(100 * share).toFixed(0)} %`.padStart(6);
  return [
    `${rows} ${part} row${rows === 1 ? '' : 's'}; always "${largest.class}" is right in ${percent(largest.accuracy).trim()}, the frequencies have a cross-entropy of ${frequencies.toFixed(2)} nats`,
    'noise (σ/α)  right  cross-entropy',
    ...levels.map(
      ({ noise, accuracy, crossEntropy }) =>
        `${noise.toPrecision(2).padEnd(11)} ${percent(accuracy)}  ${crossEntropy.toFixed(2)}`,
    ),
  ];
}
