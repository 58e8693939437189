import type { TrainOptions } from '../../run/train/options.ts';
import { defineCommand } from '../arguments/command.ts';
import { engineStarter } from '../arguments/open.ts';
import { options, positionals, type TrainArgs } from '../arguments/train/options.ts';
import { flag, given, text, whole } from '../arguments/values.ts';
import { printJson } from '../terminal/output.ts';
import type { Session } from '../terminal/session.ts';

export const trainCommand = defineCommand({
  command: 'train [data]',
  describe: 'train a score model of a toy density or of a file',
  positionals,
  options,
  examples: [
    ['train eight-gaussians', 'a variance-preserving model, in runs/eight-gaussians'],
    ['train wine.csv --exclude quality --sde ve --out runs/wine', 'numeric columns of a table'],
    ['train iris.csv --labels species', 'a model of each class as well as of all rows'],
    [
      'train iris.csv --labels species --objective classifier --for runs/iris --out runs/which',
      'a classifier',
    ],
    ['train moons --schedule "0.1 + 19.9*t" --steps 2000', 'a noise schedule by formula'],
    ['train --resume --out runs/wine', 'continue a run that was stopped'],
    ['train --resume --out runs/wine --steps 20000', 'give a finished run more steps'],
    ['train red.csv --from runs/wine --out runs/red', 'start from the weights of another run'],
  ],
  run: trainRun,
});

async function trainRun(args: TrainArgs, session: Session): Promise<void> {
  const { isClassifierWork, runClassifier } = await import('../work/classifier.ts');
  if (await isClassifierWork(args)) return runClassifier(args, session);
  const { destination, farewell } = await import('../work/destination.ts');
  const { freshOptions, resumedOptions } = await import('../arguments/train/request.ts');
  const { out: dir, resume } = await destination(args, session);
  const begin = performance.now();
  const start = engineStarter(args, session);
  const options = {
    ...(resume ? await resumedOptions(args, dir) : await freshOptions(args)),
    ...given({ engine: text(args, 'engine') as TrainOptions['engine'] }),
    ...given({
      sampleEvery: whole(args, 'sample-every'),
      sampleCount: whole(args, 'sample-count'),
      qualityEvery: whole(args, 'quality-every'),
    }),
    out: dir,
    report: args.report as boolean,
    signal: session.signal,
  };
  const { trainOn } = await import('../../run/train/train.ts');
  const progress = session.progress('training');
  const onProgress: TrainOptions['onProgress'] = at =>
    progress.update({ fraction: at.step / at.steps, ...at });
  const run = await trainOn(start, { ...options, onProgress, onNote: note => session.note(note) }).catch(
    async (error: unknown) => {
      progress.end();
      if (session.signal.aborted) session.note(await farewell(dir));
      throw error;
    },
  );
  progress.end();
  const { step, loss } = run.losses.at(-1)!;
  const seconds = (performance.now() - begin) / 1000;
  const { choiceOf, reportLines } = await import('../work/report.ts');
  session.note(
    `trained ${step} steps in ${seconds.toFixed(1)} s, loss ${loss.toPrecision(4)}: ${dir}${choiceOf(run)}`,
  );
  const { report } = run;
  for (const line of report ? reportLines(report, run) : []) session.note(line);
  if (flag(args, 'json')) {
    const { name: engine } = await start();
    await printJson({ run: dir, steps: step, loss, seconds, engine, ...(report && { report }) });
  }
}
