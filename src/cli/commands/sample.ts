import type { Run } from '../../run/run.ts';
import type { SampleRunOptions } from '../../run/use.ts';
import type { GridName } from '../../solve/grids.ts';
import type { Samples } from '../../solve/sample.ts';
import { type Args, flag, given, positive, real, text, whole } from '../args.ts';
import { defineCommand } from '../command.ts';
import { openEngine, openRunOf, openSolver } from '../open.ts';
import { engineOptions, out, runOptions, runPositional, solverOptions, value, word } from '../options.ts';
import { checkOutput, type TextColumn, writeRows } from '../output.ts';
import type { Session } from '../session.ts';

export const sampleCommand = defineCommand({
  command: 'sample <run>',
  describe: 'draw samples from a run',
  positionals: runPositional,
  options: {
    count: { ...value, describe: 'samples to draw; default 1000' },
    first: { ...value, describe: 'index of the first sample, to draw in parts; default 0' },
    preset: { ...word, describe: 'solver, grid and steps of `langevin list presets`' },
    ...solverOptions,
    label: { ...word, describe: 'a class of the run by name or number, or all: equal parts of each' },
    guidance: { ...value, describe: 'weight of classifier-free guidance to the label; default 0' },
    denoise: { type: 'boolean', default: true, describe: 'replace the end by its expected clean value' },
    ...runOptions,
    ...out('FILE.csv, .npy or .png; CSV to stdout without it'),
    ...engineOptions,
  },
  examples: [
    ['sample runs/moons --count 5', 'as CSV on stdout'],
    ['sample runs/moons --solver predictor-corrector --steps 500 --out moons.csv', 'another solver'],
    ['sample runs/moons --preset ddim', 'a published way of sampling'],
    ['sample runs/iris --label all --guidance 1 --out iris.csv', 'every class of a run with labels'],
    ['sample runs/moons --solver ./my-solver.mjs --out moons.png', 'a solver of your own, as a picture'],
  ],
  run: sampleRun,
});

async function sampleRun(args: Args, session: Session): Promise<void> {
  const path = text(args, 'out');
  await checkOutput(path, ['.csv', '.npy', '.png']);
  const options = {
    denoise: flag(args, 'denoise'),
    signal: session.signal,
    ...given({
      first: whole(args, 'first', 0),
      steps: whole(args, 'steps'),
      batch: whole(args, 'batch'),
      seed: whole(args, 'seed', 0),
      tolerance: positive(args, 'tolerance'),
      grid: text(args, 'grid') as GridName | 'optimised' | undefined,
      solver: await openSolver(args),
      preset: text(args, 'preset'),
      guidance: real(args, 'guidance'),
    }),
  };
  const run = await openRunOf(args);
  const draw = await drawer(run, text(args, 'label'), whole(args, 'count'));
  const engine = await openEngine(args, session);
  const progress = session.progress('sampling');
  const samples = await draw({ ...options, engine, onProgress: progress.update }).finally(progress.end);
  if (path?.toLowerCase().endsWith('.png')) {
    const { samplesPicture } = await import('../pictures.ts');
    const { writePicture } = await import('../../report/index.ts');
    await writePicture(path, await samplesPicture(run.config, samples, samples.each));
  } else await writeRows(path, samples, run.config.data.columns, samples.named);
  session.note(
    `${samples.shape[0]} samples${samples.each === undefined ? '' : `, ${samples.each} of each class`}, ${samples.evaluations} evaluations each${path === undefined ? '' : `: ${path}`}`,
  );
}

/** Samples as they are written: how many of each class, and a further column of the classes, where there are all of them. */
interface Drawn extends Samples {
  readonly each?: number;
  readonly named?: TextColumn;
}

async function drawer(run: Run, label: string | undefined, asked: number | undefined) {
  const { classesOf } = await import('../../run/config.ts');
  const labels = classesOf(run.config);
  const { data } = run.config;
  if (label !== 'all' || !labels || labels.classes.includes('all')) {
    const { sample } = await import('../../run/use.ts');
    return (options: Omit<SampleRunOptions, 'count'>): Promise<Drawn> =>
      sample(run, { ...options, count: asked ?? 1000, ...given({ label }) });
  }
  const { sampleClasses } = await import('../../run/classes.ts');
  const kinds = labels.classes.length;
  const count = asked ?? kinds * Math.max(1, Math.floor(1000 / kinds));
  return async (options: Omit<SampleRunOptions, 'count'>): Promise<Drawn> => {
    const samples = await sampleClasses(run, { ...options, count });
    const name = data.columns ? labels.source : 'class';
    const named = { name, at: (i: number) => labels.classes[samples.classes[i]!]! };
    return { ...samples, each: count / kinds, named };
  };
}
