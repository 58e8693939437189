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
      'units of a hidden layer; default 128; for rows of more values the next power of two, up to 512',
  },
  depth: { ...value, describe: 'residual blocks; default 3' },
  dropout: { ...value, describe: 'share of features that training drops, for image networks; default 0' },
  predicts: { ...word, describe: 'score, noise, data or velocity (default)' },
  objective: { ...word, describe: 'a name of `langevin list objectives`; default denoising' },
  'objective-options': { ...word, describe: 'options of the objective: times=importance or JSON' },
  weighting: {
    ...word,
    describe: 'a weighting in `langevin list objectives`; default that of the objective',
  },
  sigma: {
    ...value,
    describe: 'train at this one noise level, in standard deviations of the data; default all levels',
  },
  steps: {
    ...value,
    describe: 'steps of training; default 10000. With --resume: a larger number, for a finished run',
  },
  batch: { ...value, describe: 'rows of each step; default 512' },
  'learning-rate': { ...value, describe: 'learning rate of Adam; default 0.001' },
  warmup: { ...value, describe: 'steps over which the learning rate rises; default 100' },
  decay: { ...word, describe: 'fall of the learning rate: cosine (default) or none' },
  clip: { ...value, describe: 'largest norm of a gradient; default 1' },
  ema: { ...value, describe: 'decay of the averaged weights; default 0.999' },
  seed: { ...value, describe: 'a whole number; default 0' },
  columns: { ...word, describe: 'columns to use: a,b,p0..p63' },
  exclude: { ...word, describe: 'columns to leave out; put a name with a comma in quotes' },
  kinds: {
    ...word,
    describe: 'what columns hold: age=number,zip=category,when=date; grid, yes-no or ignore; default: found',
  },
  'drop-unusable': {
    type: 'boolean',
    describe: 'leave out constant columns, and columns with missing values or with text among numbers',
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
    describe: 'share of the rows that training uses without their label; default 0.1',
  },
  dequantize: {
    type: 'string',
    describe:
      'spread whole numbers over [v, v + 1): in all columns, or in those named (a,c..f), also with steps of 0.1',
  },
  flips: {
    type: 'boolean',
    describe: 'mirror images left to right with probability ½, each time they are used',
  },
  shape: { ...word, describe: 'shape of a row that is an image: 8x8, or 3x32x32' },
  levels: {
    ...value,
    describe: 'the values are levels 0 … L−1 of a picture: dequantise them and scale them to [−1, 1]',
  },
  size: { ...value, describe: 'side to which the images of a folder are scaled and cropped' },
  background: {
    ...word,
    describe: 'colour behind transparent pixels of images in a folder: white, black, grey or #rrggbb',
  },
  stream: {
    type: 'boolean',
    describe: 'leave the rows in their file; default for files of more than 256 MiB',
  },
  scaling: {
    ...word,
    describe:
      'scale of the values: auto (default for tables), gaussian, copula, margins, standard, symmetric, unit or none',
  },
  conditional: {
    type: 'boolean',
    describe: 'learn every question about the columns, for --given and impute; default if cells are missing',
  },
  condition: { ...word, describe: 'columns that are always known: the model is p(the rest | these)' },
  'validation-fraction': {
    ...value,
    describe: 'training rows of a table that decide when to stop; default 0.15, none with 0',
  },
  'test-fraction': { ...value, describe: 'rows of a file kept for testing; default 0.2' },
  ...out('folder of the run; default runs/<data>'),
  overwrite: { type: 'boolean', describe: 'replace an existing run' },
  resume: { type: 'boolean', describe: 'continue from the last checkpoint' },
  from: {
    ...word,
    describe: 'a run whose weights are the start; its SDE and network are the defaults',
  },
  'checkpoint-every': {
    ...value,
    describe:
      'steps between checkpoints; default 1000. One is also written every minute, and at an interrupt',
  },
  'sample-every': { ...value, describe: 'steps between grids of samples in RUN/samples; images only' },
  'quality-every': {
    ...value,
    describe: 'steps between measurements of sample quality, which `langevin plot` draws below the loss',
  },
  'sample-count': { ...value, describe: 'samples in a grid; default 16' },
  report: {
    type: 'boolean',
    default: true,
    describe: 'score a table at the end, beside a Gaussian, and compare its samples; --no-report',
  },
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
    ['train --resume --out runs/wine', 'continue a run that was stopped'],
    ['train --resume --out runs/wine --steps 20000', 'give a finished run more steps'],
    ['train red.csv --from runs/wine --out runs/red', 'start from the weights of another run'],
  ],
  run: trainRun,
});

async function trainRun(args: TrainArgs, session: Session): Promise<void> {
  const { out: dir, resume } = await destination(args, session);
  const start = performance.now();
  const options = {
    ...(resume ? await resumed(args, dir) : await fresh(args)),
    ...given({
      sampleEvery: whole(args, 'sample-every'),
      sampleCount: whole(args, 'sample-count'),
      qualityEvery: whole(args, 'quality-every'),
    }),
    out: dir,
    report: args.report as boolean,
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
  const seconds = (performance.now() - start) / 1000;
  const { choiceOf, reportLines } = await import('../work/report.ts');
  session.note(
    `trained ${step} steps in ${seconds.toFixed(1)} s, loss ${loss.toPrecision(4)}: ${dir}${choiceOf(run)}`,
  );
  const { report } = run;
  for (const line of report ? reportLines(report) : []) session.note(line);
  if (flag(args, 'json')) {
    const { name } = options.engine;
    await printJson({ run: dir, steps: step, loss, seconds, engine: name, ...(report && { report }) });
  }
}

/** An option without a value would take the next word as its value. */
function nothing({ dequantize }: TrainArgs) {
  const dataName = typeof dequantize === 'string' && dequantize !== '' ? dequantize : undefined;
  return usage('The training data are missing', {
    expected: 'langevin train DATA',
    ...(dataName && { remedy: `Name the data first: langevin train ${dataName} --dequantize` }),
  });
}

const isRun = async (dir: string) => (await import('../../files/disk.ts')).holdsFile(dir, 'config.json');

const farewell = async (dir: string) =>
  (await isRun(dir))
    ? `The last checkpoint is in ${dir}. Continue with: langevin train --resume --out ${dir}`
    : 'No checkpoint had been written yet.';

async function destination(args: TrainArgs, session: Session): Promise<{ out: string; resume: boolean }> {
  const data = text(args, 'data');
  const dir = text(args, 'out') ?? (data && join('runs', basename(data, extname(data))));
  if (dir === undefined) throw nothing(args);
  const resume = flag(args, 'resume');
  const { folderToRead } = await import('../../files/disk.ts');
  const exists =
    (await isRun(dir)) || (resume && (await folderToRead(dir).catch(() => undefined)) !== undefined);
  if (exists && !resume && !flag(args, 'overwrite')) {
    throw usage('A run is there already', {
      where: dir,
      remedy: 'Choose another --out, or go on with it (--resume), or replace it (--overwrite)',
    });
  }
  if (resume && !exists) {
    if (data === undefined) throw usage('There is no run to resume', { where: dir });
    session.note(`${dir} has no checkpoint yet: training starts from the beginning`);
  }
  return { out: dir, resume: resume && exists };
}

/** Reads `8x8` as [8, 8]. */
function shapeOf(args: TrainArgs): number[] | undefined {
  const input = text(args, 'shape');
  if (input === undefined) return undefined;
  if (/^[1-9]\d{0,5}(x[1-9]\d{0,5})*$/.test(input)) return input.split('x').map(Number);
  throw usage('The option has a wrong value', {
    where: '--shape',
    got: input,
    expected: 'sides with x between: 8x8',
  });
}

async function fresh(args: TrainArgs): Promise<TrainOptions> {
  const dataOptions = {
    columns: names(args, 'columns'),
    exclude: names(args, 'exclude'),
    dropUnusable: flag(args, 'drop-unusable') || undefined,
    kinds: await kindsOf(args),
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
    scaling: text(args, 'scaling') as TrainOptions['scaling'],
    conditional: args.conditional as boolean | undefined,
    condition: names(args, 'condition'),
    validationFraction: real(args, 'validation-fraction', 0),
  };
  return {
    data: required(args, 'data'),
    ...given(dataOptions),
    ...given({
      seed: whole(args, 'seed', 0),
      testFraction: real(args, 'test-fraction', 0),
      preset: text(args, 'preset') as PresetName | undefined,
      objective: await objectiveOf(args),
      // A preset alone is left to `train`, which fits it to the data.
      sde: SDE.some(name => args[name] !== undefined) ? await sdeOf(args) : undefined,
      from: text(args, 'from'),
    }),
    overwrite: flag(args, 'overwrite'),
    ...(isSet(args, NET) && { net: await netOf(args) }),
    ...(given({ weighting: text(args, 'weighting') }) as Pick<TrainOptions, 'weighting'>),
    ...(given(training(args)) as Partial<TrainOptions>),
  };
}

/** `age=number,id=ignore` by name. */
async function kindsOf(args: TrainArgs): Promise<TrainOptions['kinds']> {
  const asked = text(args, 'kinds');
  return asked === undefined ? undefined : (await import('../../data/index.ts')).parseKinds(asked);
}

/** `--dequantize` without a value means every column. */
function dequantizeOf(args: TrainArgs): boolean | readonly string[] | undefined {
  const input = args.dequantize;
  if (input === undefined) return undefined;
  if ([false, 'false', 'no', '0'].includes(input as string)) return false;
  if ([true, '', 'true', 'yes', '1'].includes(input as string)) return true;
  return names(args, 'dequantize');
}

/** The objective with its options; without a name that of the preset. */
async function objectiveOf(args: TrainArgs): Promise<ObjectiveSpec | undefined> {
  const name = text(args, 'objective');
  const options = { ...pairs(args, 'objective-options'), ...given({ sigma: positive(args, 'sigma') }) };
  if (name !== undefined) return { name, ...options } as ObjectiveSpec;
  if (Object.keys(options).length === 0) return undefined;
  const preset = text(args, 'preset');
  if (preset === undefined) return { name: 'denoising', ...options };
  const { presetOf } = await import('../../registry/presets.ts');
  return { ...presetOf(preset as PresetName).objective, ...options } as ObjectiveSpec;
}

/**
 * The name and the prediction come first, as in a configuration that is read back: so a resumed run writes
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
const SDE = Object.keys(sdeOptions) as (keyof typeof sdeOptions)[];

/**
 * Whether the command line decides. With --from, the other run decides, unless one of these options is set.
 */
const isSet = (args: TrainArgs, options: readonly (keyof TrainArgs)[]) =>
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

/** The settings of the run decide. Settings on the command line have to be the same. */
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

/** An SDE from a file is read again only if the user names the file: the folder of a run runs no code. */
async function fileSde(args: TrainArgs, kept: string): Promise<SdeSpec | undefined> {
  const file = text(args, 'sde');
  return kept === 'file' && file !== undefined ? sdeOf(args) : undefined;
}
