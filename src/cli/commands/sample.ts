import { isAbsolute } from 'node:path';
import { usage } from '../../errors.ts';
import type { GridName } from '../../registry/grids.ts';
import type { PresetName } from '../../registry/presets.ts';
import type { Run } from '../../run/run.ts';
import type { DataSamples, SampleRunOptions } from '../../run/use/sample.ts';
import type { SamplePath } from '../../run/use/trajectory.ts';
import { type ArgsOf, defineCommand, type OptionTable } from '../arguments/command.ts';
import { type AtOneLevel, requireAllLevels } from '../arguments/levels.ts';
import { openEngine, openRunOf, openSolver } from '../arguments/open.ts';
import {
  engineOptions,
  out,
  runOptions,
  runPositional,
  solverOptions,
  value,
  word,
} from '../arguments/options.ts';
import { ends, flag, given, positive, real, text, whole } from '../arguments/values.ts';
import { checkOutput, printJson, type TextColumn } from '../terminal/output.ts';
import type { Session } from '../terminal/session.ts';
import { labelled } from '../work/classes.ts';
import { questionOf, questionOptions, tellCertificate } from '../work/given.ts';
import type { PathPlan } from '../work/trajectory.ts';

const options = {
  count: { ...value, describe: 'samples to draw; default 1000, or 16 for images with --path' },
  first: { ...value, describe: 'index of the first sample, to draw in parts; default 0' },
  preset: { ...word, describe: 'solver, grid and steps of `langevin list presets`' },
  ...solverOptions,
  label: {
    ...word,
    describe:
      'a class of the run by name or number; all: the same number of each; or classes with weights: 3:1,8:-0.5',
  },
  guidance: { ...value, describe: 'weight of classifier-free guidance to the label; default 0' },
  'guidance-interval': { ...word, describe: 'times between which it guides, such as 0.2..0.8; default all' },
  ...questionOptions,
  denoise: { type: 'boolean', default: true, describe: 'replace the last state by its expected clean value' },
  floor: {
    type: 'boolean',
    describe: 'round dequantised columns down to their whole numbers or steps; default for tables',
  },
  ...runOptions,
  ...out('FILE.csv, .tsv, .jsonl, .npy or .png; CSV to stdout without it'),
  path: {
    ...word,
    describe: 'FILE.png, .apng or .gif: how noise becomes images; FILE.png or .svg for points of the plane',
  },
  json: { type: 'boolean', describe: 'print the certificate of an answer as JSON; needs --out' },
  frames: { ...value, describe: 'for --path: states to show; default 9, animated 40, points 5' },
  ...engineOptions,
} as const satisfies OptionTable;
type SampleArgs = ArgsOf<typeof options & typeof runPositional>;

export const sampleCommand = defineCommand({
  command: 'sample <run>',
  describe: 'draw samples from a run',
  positionals: runPositional,
  options,
  examples: [
    ['sample runs/moons --count 5', 'as CSV on stdout'],
    ['sample runs/moons --solver predictor-corrector --steps 500 --out moons.csv', 'another solver'],
    ['sample runs/moons --preset ddim', 'the sampling of a paper'],
    ['sample runs/iris --label all --guidance 1 --out iris.csv', 'every class of a run with labels'],
    ['sample runs/iris --label setosa:1,virginica:-0.5', 'one class, away from another'],
    ['sample runs/iris --given "petal_length=4.5, sepal_width>3"', 'rows that are known in part'],
    ['sample runs/moons --solver ./my-solver.mjs --out moons.png', 'a solver of your own, as a picture'],
    ['sample runs/digits --path noise-to-digits.gif', 'how noise becomes samples'],
  ],
  run: sampleRun,
});

async function sampleRun(args: SampleArgs, session: Session): Promise<void> {
  const [path, pathFile] = [text(args, 'out'), text(args, 'path')];
  await checkOutput(path, ['.csv', '.npy', '.png', '.tsv', '.jsonl']);
  const opened = await openRunOf(args);
  await requireAllLevels(opened, args, chainsInstead(args, path));
  const { run, label, composed } = await labelled(opened, text(args, 'label'));
  if (composed && args.guidance !== undefined)
    throw usage('Classes with weights are guided by their weights', {
      where: '--guidance',
      remedy: 'Leave it out, and raise a weight: 3:2 is --label 3 --guidance 1',
    });
  const plan = pathFile === undefined ? undefined : await planOf(pathFile, run, args);
  const draw = await drawer(run, label, whole(args, 'count'), plan);
  const options = { ...(await sampleOptions(args, session, plan)), ...(await questionOf(args, run)) };
  requireAnswer(args, path, options.given !== undefined);
  const progress = session.progress('sampling');
  const samples = await draw({ ...options, onProgress: progress.update }).finally(progress.end);
  if (path?.toLowerCase().endsWith('.png')) {
    const { answerPicture, samplesPicture } = await import('../work/pictures.ts');
    const { writePicture } = await import('../../report/index.ts');
    const picture = samples.certificate
      ? await answerPicture(run, samples)
      : await samplesPicture(run, samples, samples);
    await writePicture(path, picture);
  } else if (path !== undefined || pathFile === undefined) {
    const { absentColumns, writeTable } = await import('../work/table-output.ts');
    await writeTable(path, samples, run.config, { labels: samples.classColumn, raw: args.floor === false });
    const absent = absentColumns(run.config, samples.classColumn !== undefined);
    if (absent !== undefined) session.note(absent);
  }
  if (samples.certificate) {
    tellCertificate(samples.certificate, session);
    if (flag(args, 'json')) await printJson(samples.certificate);
  }
  if (pathFile !== undefined)
    await (await import('../work/trajectory.ts')).writePath(pathFile, run, samples.frames ?? []);
  if (composed)
    session.note('note: a product of classes is approximate where they are about the same values');
  const files = [path, pathFile].filter(file => file !== undefined).join(', ');
  const each = samples.each === undefined ? '' : `, ${samples.each} of each class`;
  session.note(
    `${samples.shape[0]} samples${each}, ${samples.evaluations} evaluations each${files === '' ? '' : `: ${files}`}`,
  );
}

/** Draws of chains, one of each, in the place of samples. */
const chainsInstead = (args: SampleArgs, path: string | undefined): AtOneLevel => ({
  says: 'Draw at its level',
  command: 'chains',
  options: {
    draws: '1',
    chains: text(args, 'count') ?? '1000',
    ...given({ label: text(args, 'label'), seed: text(args, 'seed') }),
    out: path ?? 'samples.csv',
  },
});

/** Refuses --json where there is no certificate, or samples on stdout too. */
function requireAnswer(args: SampleArgs, path: string | undefined, asked: boolean): void {
  if (!flag(args, 'json')) return;
  if (!asked)
    throw usage('--json prints the certificate of an answer', { remedy: 'Put a question: --given "a=1.5"' });
  if (path === undefined)
    throw usage('--json prints on stdout', { remedy: 'Send the samples to a file: --out samples.csv' });
}

async function planOf(pathFile: string, { config }: Run, args: SampleArgs): Promise<PathPlan> {
  const { planPath } = await import('../work/trajectory.ts');
  return planPath(pathFile, config, whole(args, 'frames', 2));
}

async function sampleOptions(args: SampleArgs, session: Session, plan: PathPlan | undefined) {
  if (args.frames !== undefined && !plan) throw usage('--frames is an option of --path');
  return {
    denoise: flag(args, 'denoise'),
    signal: session.signal,
    ...given({
      floor: args.floor as boolean | undefined,
      first: whole(args, 'first', 0),
      steps: whole(args, 'steps'),
      batch: whole(args, 'batch'),
      seed: whole(args, 'seed', 0),
      tolerance: positive(args, 'tolerance'),
      grid: text(args, 'grid') as GridName | 'optimised' | undefined,
      solver: await openSolver(args),
      preset: text(args, 'preset') as PresetName | undefined,
      guidance: guidanceOf(args),
    }),
    engine: await openEngine(args, session),
  };
}

/** The weight of the guidance to a label, and when it guides. */
function guidanceOf(args: SampleArgs) {
  const [weight, interval] = [real(args, 'guidance'), ends(args, 'guidance-interval')];
  if (!interval) return weight;
  if (weight !== undefined) return { weight, interval };
  throw usage('--guidance-interval says when --guidance guides', { remedy: 'Add --guidance 2' });
}

/**
 * Samples as they are written. If they are of all classes, with the number of samples of each class and a
 * column of class names. If a picture of their path is planned, with the states on the way.
 */
interface DrawnSamples extends DataSamples {
  readonly each?: number;
  /** The class of each sample. */
  readonly classes?: Int32Array;
  readonly classColumn?: TextColumn;
  readonly frames?: SamplePath['frames'];
}

type Draw = (options: Omit<SampleRunOptions, 'count'>) => Promise<DrawnSamples>;

async function drawer(
  run: Run,
  label: string | undefined,
  givenCount: number | undefined,
  plan: PathPlan | undefined,
): Promise<Draw> {
  const { classesOf } = await import('../../run/folder/config.ts');
  const labels = classesOf(run.config);
  const { data } = run.config;
  const every = label === 'all' && labels && !labels.classes.includes('all') ? labels : undefined;
  if (plan) {
    if (every) throw usage('--path shows samples of one class', { where: '--label', got: 'all' });
    const { samplePath } = await import('../../run/use/trajectory.ts');
    return async options => {
      const count = givenCount ?? Math.max(plan.shown, 16);
      const { samples, frames } = await samplePath(run, { ...options, ...plan, count, ...given({ label }) });
      return { ...samples, frames };
    };
  }
  if (!every) {
    const { sample } = await import('../../run/use/sample.ts');
    return options => sample(run, { ...options, count: givenCount ?? 1000, ...given({ label }) });
  }
  const { sampleClasses } = await import('../../run/use/classes.ts');
  const kinds = every.classes.length;
  const count = givenCount ?? kinds * Math.max(1, Math.floor(1000 / kinds));
  return async options => {
    const samples = await sampleClasses(run, { ...options, count });
    const name = data.columns && !isAbsolute(every.source) ? every.source : 'class';
    const classColumn = { name, at: (i: number) => every.classes[samples.classes[i]!]! };
    return { ...samples, each: count / kinds, classColumn: classColumn };
  };
}
