import { type ArgsOf, grouped, type OptionTable } from '../command.ts';
import { arrayOption, engineOptions, out, textOptions, value, word } from '../options.ts';
import { sdeOptions } from '../sde.ts';

/** What `train` is given without an option. */
export const positionals = {
  data: { type: 'string', describe: 'a name of `langevin list data`, or a file: .csv, .npy, …' },
} as const;
const data = {
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
  bounds: {
    ...word,
    describe: 'bounds that samples keep: rain>=0,share<=1; default: ends of the data that many rows share',
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
} as const satisfies OptionTable;

const model = {
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
  dropout: { ...value, describe: 'share of features that training drops (of mlp and U-Nets); default 0' },
  predicts: { ...word, describe: 'score, noise, data or velocity (default)' },
  from: {
    ...word,
    describe: 'a run whose weights are the start; its SDE and network are the defaults',
  },
  for: { ...word, describe: 'of a classifier, the run that it will guide: its units, SDE and test rows' },
} as const satisfies OptionTable;

const training = {
  objective: {
    ...word,
    describe: 'a name of `langevin list objectives`; default denoising; classifier learns --labels',
  },
  'objective-options': { ...word, describe: 'options of the objective: times=importance or JSON' },
  optimizer: { ...word, describe: 'adam (default), or sgld: draws of the weights, for an ensemble' },
  'optimizer-options': { ...word, describe: 'options of sgld: temperature=0.1,power=0.6,draws=40 or JSON' },
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
    describe:
      'steps of training; default 10000, of maximum likelihood 2400. With --resume: a larger number, for a finished run',
  },
  batch: { ...value, describe: 'rows of each step; default 512' },
  'learning-rate': {
    ...value,
    describe: 'learning rate of Adam; default 0.001, for energies and tables with validation rows 0.002',
  },
  warmup: { ...value, describe: 'steps over which the learning rate rises; default 100' },
  decay: { ...word, describe: 'fall of the learning rate: cosine (default) or none' },
  clip: { ...value, describe: 'largest norm of a gradient; default 1' },
  ema: { ...value, describe: 'decay of the averaged weights; default 0.999' },
  'label-dropout': {
    ...value,
    describe: 'share of the rows that training uses without their label; default 0.1',
  },
  seed: { ...value, describe: 'a whole number; default 0' },
  ...engineOptions,
} as const satisfies OptionTable;

const output = {
  ...out('folder of the run; default runs/<data>'),
  overwrite: { type: 'boolean', describe: 'replace an existing run' },
  resume: { type: 'boolean', describe: 'continue from the last checkpoint' },
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
} as const satisfies OptionTable;

/** The options of `train`, in groups. */
export const options = {
  ...grouped('Data:', data),
  ...grouped('Model:', model),
  ...grouped('Training:', training),
  ...grouped('Run:', output),
};
/** The arguments of `train`. */
export type TrainArgs = ArgsOf<typeof options & typeof positionals>;
