import { basename, extname, join } from 'node:path';
import { usage } from '../../errors.ts';
import type { NetOptions, NetSpec } from '../../registry/nets.ts';
import type { ObjectiveSpec } from '../../registry/objectives.ts';
import type { PresetName } from '../../registry/presets.ts';
import type { SdeSpec } from '../../registry/sdes.ts';
import type { TrainOptions } from '../../run/train/options.ts';
import { type ArgsOf, defineCommand, type OptionTable } from '../arguments/command.ts';
import { isModule, loadNet } from '../arguments/modules.ts';
import { openEngine } from '../arguments/open.ts';
import {
  arrayOption,
  engineOptions,
  out,
  textOptions,
  textOptionsOf,
  value,
  word,
} from '../arguments/options.ts';
import { requireSame } from '../arguments/resume.ts';
import { sdeOf, sdeOptions } from '../arguments/sde.ts';
import { flag, given, names, pairs, positive, real, required, text, whole } from '../arguments/values.ts';
import { printJson } from '../terminal/output.ts';
import type { Session } from '../terminal/session.ts';

const positionals = {
  data: { type: 'string', describe: 'a name of `langevin list data`, or a file: .csv, .npy, …' },
} as const;
const options = {
  preset: { ...word, describe: 'SDE, schedule and objective of `langevin list presets`' },
  ...sdeOptions,
  net: { ...word, describe: 'a name of `langevin list nets`, default mlp; or a file such as ./my-net.mjs' },
  'net-options': { ...word, describe: 'options of the network: waves=8 or JSON' },
  width: {
    ...value,
    describe:
      'units of a hidden layer; default 128, and the next power of two for more values a row, up to 512',
  },
  depth: { ...value, describe: 'residual blocks; default 3' },
  dropout: { ...value, describe: 'share of features that training drops, of image networks; default 0' },
  predicts: { ...word, describe: 'score, noise, data or velocity (default)' },
  objective: { ...word, describe: 'a name of `langevin list objectives`; default denoising' },
  'objective-options': { ...word, describe: 'options of the objective: times=importance or JSON' },
  weighting: {
    ...word,
    describe: 'one that `langevin list objectives` shows; default that of the objective',
  },
  steps: { ...value, describe: 'steps of training; default 10000. With --resume: more, of a finished run' },
  batch: { ...value, describe: 'rows of a step; default 512' },
  'learning-rate': { ...value, describe: 'default 0.001' },
  warmup: { ...value, describe: 'steps over which the rate rises; default 100' },
  decay: { ...word, describe: 'of the rate: cosine (default) or none' },
  clip: { ...value, describe: 'greatest gradient norm; default 1' },
  ema: { ...value, describe: 'decay of the averaged weights; default 0.999' },
  seed: { ...value, describe: 'a whole number; default 0' },
  columns: { ...word, describe: 'columns to use: a,b,p0..p63' },
  exclude: { ...word, describe: 'columns to leave out; one with a comma in its name in quotes' },
  'drop-unusable': {
    type: 'boolean',
    describe: 'leave out every column with text among numbers or missing values, and constant ones',
  },
  ...textOptions,
  ...arrayOption,
  labels: {
    ...word,
    describe:
      'classes of the rows: a column, an array of the .npz, a file of labels, or own (CIFAR-10, subfolders)',
  },
  'label-dropout': {
    ...value,
    describe: 'part of the rows whose label is withheld in training; default 0.1',
  },
  dequantize: {
    type: 'string',
    describe: 'spread whole numbers over [v, v + 1): all columns, or those named, also steps of 0.1: a,c..f',
  },
  flips: { type: 'boolean', describe: 'turn images left to right with probability ½, at each visit' },
  shape: { ...word, describe: 'form of a row that is an image: 8x8, or 3x32x32' },
  levels: {
    ...value,
    describe: 'the values are levels 0 … L−1 of a picture: dequantised, brought to [−1, 1]',
  },
  size: { ...value, describe: 'side to which a folder of images is scaled and cut' },
  background: {
    ...word,
    describe: 'behind transparent pixels of a folder of images: white, black, grey or #rrggbb',
  },
  stream: {
    type: 'boolean',
    describe: 'leave the rows in their file; default for those of more than 256 MiB',
  },
  'test-fraction': { ...value, describe: 'rows of a file kept for testing; default 0.2' },
  ...out('folder of the run; default runs/<data>'),
  overwrite: { type: 'boolean', describe: 'replace the run that is there' },
  resume: { type: 'boolean', describe: 'go on from the last checkpoint' },
  from: {
    ...word,
    describe: 'a run whose weights to begin with; its SDE and network hold where no others are given',
  },
  'checkpoint-every': {
    ...value,
    describe:
      'steps between checkpoints; default 1000. One is also written every minute, and at an interrupt',
  },
  'sample-every': { ...value, describe: 'steps between grids of samples in RUN/samples; images only' },
  'quality-every': {
    ...value,
    describe: 'steps between measures of sample quality, drawn beside the loss by `langevin plot`',
  },
  'sample-count': { ...value, describe: 'samples in a grid; default 16' },
  json: { type: 'boolean', describe: 'print a summary as JSON at the end' },
  ...engineOptions,
} as const satisfies OptionTable;
type TrainArgs = ArgsOf<typeof options & typeof positionals>;

export const trainCommand = defineCommand({
  command: 'train [data]',
  describe: 'train a score model of a toy density or of a file',
  positionals,
  options,
  examples: [
    ['train eight-gaussians', 'a variance-preserving model, in runs/eight-gaussians'],
    ['train wine.csv --exclude quality --sde ve --out runs/wine', 'numeric columns of a table'],
    ['train iris.csv --labels species', 'a model of each class as well as of all rows'],
    ['train moons --schedule "0.1 + 19.9*t" --steps 2000', 'a noise schedule by formula'],
    ['train --resume --out runs/wine', 'go on with a run that was stopped'],
    ['train --resume --out runs/wine --steps 20000', 'give a finished run more steps'],
    ['train red.csv --from runs/wine --out runs/red', 'begin with the weights of another run'],
  ],
  run: trainRun,
});

async function trainRun(args: TrainArgs, session: Session): Promise<void> {
  const { out: dir, resume } = await destination(args, session);
  const begun = performance.now();
  const options = {
    ...(resume ? await resumed(args, dir) : await fresh(args)),
    ...given({
      sampleEvery: whole(args, 'sample-every'),
      sampleCount: whole(args, 'sample-count'),
      qualityEvery: whole(args, 'quality-every'),
    }),
    out: dir,
    engine: await openEngine(args, session),
    signal: session.signal,
  };
  const { train } = await import('../../run/train/train.ts');
  const progress = session.progress('training');
  const onProgress: TrainOptions['onProgress'] = at =>
    progress.update({ fraction: at.step / at.steps, ...at });
  const run = await train({ ...options, onProgress, onNote: note => session.note(note) }).catch(
    async (error: unknown) => {
      progress.end();
      if (session.signal.aborted) session.note(await farewell(dir));
      throw error;
    },
  );
  progress.end();
  const { step, loss } = run.losses.at(-1)!;
  const seconds = (performance.now() - begun) / 1000;
  session.note(`trained ${step} steps in ${seconds.toFixed(1)} s, loss ${loss.toPrecision(4)}: ${dir}`);
  if (flag(args, 'json')) {
    await printJson({ run: dir, steps: step, loss, seconds, engine: options.engine.name });
  }
}

/** An option that may stand alone takes a word behind it for its value. */
function nothing({ dequantize }: TrainArgs) {
  const swallowed = typeof dequantize === 'string' && dequantize !== '' ? dequantize : undefined;
  return usage('There is nothing to train on', {
    expected: 'langevin train DATA',
    ...(swallowed && { remedy: `Name the data first: langevin train ${swallowed} --dequantize` }),
  });
}

const isRun = async (dir: string) => (await import('../../files/index.ts')).holdsFile(dir, 'config.json');

const farewell = async (dir: string) =>
  (await isRun(dir))
    ? `The last checkpoint is in ${dir}. Go on with: langevin train --resume --out ${dir}`
    : 'No checkpoint had been written yet.';

async function destination(args: TrainArgs, session: Session): Promise<{ out: string; resume: boolean }> {
  const data = text(args, 'data');
  const dir = text(args, 'out') ?? (data && join('runs', basename(data, extname(data))));
  if (dir === undefined) throw nothing(args);
  const resume = flag(args, 'resume');
  const { folderToRead } = await import('../../files/index.ts');
  const there =
    (await isRun(dir)) || (resume && (await folderToRead(dir).catch(() => undefined)) !== undefined);
  if (there && !resume && !flag(args, 'overwrite')) {
    throw usage('A run is there already', {
      where: dir,
      remedy: 'Choose another --out, or go on with it (--resume), or replace it (--overwrite)',
    });
  }
  if (resume && !there) {
    if (data === undefined) throw usage('There is no run to resume', { where: dir });
    session.note(`${dir} holds no checkpoint yet: starting from the beginning`);
  }
  return { out: dir, resume: resume && there };
}

/** `8x8` as [8, 8]. */
function shapeOf(args: TrainArgs): number[] | undefined {
  const given = text(args, 'shape');
  if (given === undefined) return undefined;
  if (/^[1-9]\d{0,5}(x[1-9]\d{0,5})*$/.test(given)) return given.split('x').map(Number);
  throw usage('The option has a wrong value', {
    where: '--shape',
    got: given,
    expected: 'sides with x between: 8x8',
  });
}

async function fresh(args: TrainArgs): Promise<TrainOptions> {
  const chosen = {
    columns: names(args, 'columns'),
    exclude: names(args, 'exclude'),
    dropUnusable: flag(args, 'drop-unusable') || undefined,
    ...textOptionsOf(args),
    array: text(args, 'array'),
    labels: text(args, 'labels'),
    dequantize: dequantizeOf(args),
    flips: flag(args, 'flips') || undefined,
    shape: shapeOf(args),
    levels: whole(args, 'levels', 2),
    size: whole(args, 'size'),
    background: text(args, 'background'),
    stream: args.stream as boolean | undefined,
  };
  return {
    data: required(args, 'data'),
    ...given(chosen),
    ...given({
      seed: whole(args, 'seed', 0),
      testFraction: real(args, 'test-fraction', 0),
      preset: text(args, 'preset') as PresetName | undefined,
      objective: objectiveOf(args),
      sde: isAsked(args, SDE) ? await sdeOf(args) : undefined,
      from: text(args, 'from'),
    }),
    overwrite: flag(args, 'overwrite'),
    ...(isAsked(args, NET) && { net: await netOf(args) }),
    ...(given({ weighting: text(args, 'weighting') }) as Pick<TrainOptions, 'weighting'>),
    ...(given(training(args)) as Partial<TrainOptions>),
  };
}

/** `--dequantize` alone is every column. */
function dequantizeOf(args: TrainArgs): boolean | readonly string[] | undefined {
  const given = args.dequantize;
  if (given === undefined || [false, 'false', 'no', '0'].includes(given as string)) return undefined;
  if ([true, '', 'true', 'yes', '1'].includes(given as string)) return true;
  return names(args, 'dequantize');
}

function objectiveOf(args: TrainArgs): ObjectiveSpec | undefined {
  const name = text(args, 'objective');
  const options = pairs(args, 'objective-options');
  if (name !== undefined) return { name, ...options } as ObjectiveSpec;
  return Object.keys(options).length > 0 ? { name: 'denoising', ...options } : undefined;
}

/**
 * Its name and prediction come first, as in a configuration that is read back, so that a resumed run writes
 * the same bytes.
 */
async function netOf(args: TrainArgs): Promise<NetSpec> {
  const name = text(args, 'net') ?? 'mlp';
  const options = {
    ...given({ width: whole(args, 'width'), depth: whole(args, 'depth'), dropout: real(args, 'dropout', 0) }),
    ...pairs(args, 'net-options'),
  };
  const predicts = text(args, 'predicts');
  if (isModule(name)) return loadNet(name, { ...given({ predicts }), ...options });
  return { name, predicts, ...options } as NetOptions;
}

const NET = ['net', 'net-options', 'predicts', 'width', 'depth', 'dropout'] as const;
const SDE = ['preset', ...(Object.keys(sdeOptions) as (keyof typeof sdeOptions)[])] as const;

/**
 * Whether the command line decides: of a run that begins with another's weights, that decides where none of
 * these is given.
 */
const isAsked = (args: TrainArgs, options: readonly (keyof TrainArgs)[]) =>
  args.from === undefined || options.some(name => args[name] !== undefined);

const training = (args: TrainArgs) => ({
  steps: whole(args, 'steps'),
  batch: whole(args, 'batch'),
  learningRate: positive(args, 'learning-rate'),
  warmup: whole(args, 'warmup', 0),
  decay: text(args, 'decay'),
  clip: positive(args, 'clip'),
  ema: real(args, 'ema', 0),
  checkpointEvery: whole(args, 'checkpoint-every'),
  labelDropout: real(args, 'label-dropout', 0),
});

/** The run's own settings decide; those given again have to be the same. */
async function resumed(args: TrainArgs, dir: string): Promise<TrainOptions> {
  const { readModel } = await import('../../run/folder/checkpoint.ts');
  const { requireTrained } = await import('../../run/folder/config.ts');
  const config = requireTrained((await readModel(dir)).config, dir);
  requireSame(args, config, dir);
  const stream = args.stream as boolean | undefined;
  const data = text(args, 'data') ?? config.data.source;
  const steps = whole(args, 'steps');
  return {
    data,
    resume: true,
    ...given({
      stream,
      steps,
      sde: await fileSde(args, config.sde.name),
      net: config.net.name === 'file' && args.net !== undefined ? await netOf(args) : undefined,
    }),
  };
}

/** An SDE from a file is read again only where the user names it: a run's folder runs no code. */
async function fileSde(args: TrainArgs, kept: string): Promise<SdeSpec | undefined> {
  const file = text(args, 'sde');
  return kept === 'file' && file !== undefined ? sdeOf(args) : undefined;
}
