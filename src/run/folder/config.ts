import { z } from 'zod';
import type { TextOptions } from '../../data/index.ts';
import { usage } from '../../errors.ts';
import { checked } from '../../files/index.ts';
import { objectives, timeLaws, weightings } from '../../objectives/index.ts';
import type { ObjectiveName } from '../../registry/objectives.ts';

/** A part of a run by name, with its options: plain JSON. */
export interface NamedPart {
  /** A name in the table of such parts. */
  name: string;
  /** Its options by name. */
  [option: string]: unknown;
}

const spec: z.ZodType<NamedPart> = z.looseObject({ name: z.string() });
const positive = z.number().int().positive();

const grid = z.strictObject({
  /** A whole number above 0. */
  step: positive,
  /** Digits after the point. */
  decimals: z.number().int().min(0).max(15),
  /** A whole number. */
  offset: z.number().int(),
});

const predicts = z.enum(['score', 'noise', 'data', 'velocity']);
const text = z
  .strictObject({
    delimiter: z.string(),
    decimal: z.enum(['.', ',']),
    header: z.boolean(),
    encoding: z.string(),
    dropRows: z.boolean(),
  })
  .partial() as z.ZodType<TextOptions>;
/** What using a model needs: its data, its SDE and its network. */
const base = {
  /** The form of this file. */
  format: z.literal(1),
  /** The version of the package that wrote it. */
  version: z.string(),
  /** The seed of the run. */
  seed: z.number().int().nonnegative(),
  /** Where the data came from, and their form. */
  data: z.strictObject({
    /** What was opened: a path, or the name of a toy. */
    source: z.string(),
    /** The form of one sample, [...D]. */
    shape: z.array(positive).nonempty(),
    /** The names of the columns of a table, in the order of the values. */
    columns: z.array(z.string()).optional(),
    /** The part of the rows kept from training, chosen by the seed. */
    testFraction: z.number().min(0).lt(1),
    /** Images are turned left to right with probability ½ at each visit. */
    flips: z.literal(true).optional(),
    /** Which array of an `.npz` with several. */
    array: z.string().optional(),
    /** What was said of how a table of text is written. */
    text: text.optional(),
    /** The side to which a folder of images is scaled and cut. */
    size: positive.optional(),
    /** The colour behind the transparent pixels of a folder's images. */
    background: z.string().optional(),
  }),
  /**
   * z = (x − shift)/scale, for each value of a sample. `bins` true says that x is a whole number + u, u ~
   * U[0, 1); a list has for each value its steps, x = (offset + k·step)/10^decimals + u·step/10^decimals, or
   * null for a continuous one.
   */
  transform: z.strictObject({
    /** The x that comes to z = 0, one for each value. */
    shift: z.array(z.number()),
    /** The length in x that comes to 1 in z, one for each value. */
    scale: z.array(z.number().positive()),
    /** The steps of the values, see `transform`. */
    bins: z.union([z.boolean(), z.array(grid.nullable())]),
  }),
  /** The SDE by name, with its schedule and options. */
  sde: spec,
};

/** Everything needed to repeat a run, and to use it without the data. Stored next to the weights. */
export const configSchema = z.strictObject({
  ...base,
  /** The engine that trained it. */
  engine: z.string(),
  /** The network by name, with its options. */
  net: z.looseObject({
    /** A name in `nets`, or that of a network of the user’s own. */
    name: z.string(),
    /** What the output of the network stands for. */
    predicts,
  }),
  /** The loss it was trained by, with its options. */
  objective: z.strictObject({
    /** A name in `objectives`. */
    name: z.enum(Object.keys(objectives) as [ObjectiveName, ...ObjectiveName[]]).default('denoising'),
    /** λ(t), the weight of the squared error of the score. */
    weighting: z.enum(weightings),
    /** The smallest time trained on. */
    epsilon: z.number().positive(),
    /** The law of the training times. */
    times: z.enum(timeLaws).optional(),
    /** Of the law `log-normal`: the mean of log(std/scale). */
    logMean: z.number().optional(),
    /** Of the law `log-normal`: the standard deviation of log(std/scale). */
    logStd: z.number().positive().optional(),
    /** Of discrete objectives: N. */
    levels: positive.optional(),
    /** Of `sliced`: directions for each sample. */
    probes: positive.optional(),
  }),
  /**
   * The source of the labels, the class names in the order of their numbers, and how often training withheld
   * a label.
   */
  labels: z
    .strictObject({
      /** What named the labels: a column, a file, or `own`. */
      source: z.string(),
      /** The K classes by name, in the order of their numbers. */
      classes: z.array(z.string()).min(2),
      /** The part of training samples whose label was withheld. */
      dropout: z.number().min(0).max(1),
    })
    .optional(),
  /** The settings of the training. */
  training: z.strictObject({
    /** Steps of training, each with one batch. Default 10,000. */
    steps: positive,
    /** Samples of a step. Default 512. */
    batch: positive.max(2 ** 24),
    /** Learning rate of Adam after the warm-up. Default 0.001. */
    learningRate: z.number().positive(),
    /** Steps over which the learning rate rises from 0. Default 100. */
    warmup: z.number().int().nonnegative(),
    /**
     * How the learning rate falls after the warm-up: along a half cosine to 0 (default `cosine`), or not at
     * all (`none`).
     */
    decay: z.enum(['cosine', 'none']),
    /** The length to which a longer gradient is cut. Default 1. */
    clip: z.number().positive(),
    /** Decay of the moving average of the weights, 0 to 1. Sampling uses the average. Default 0.999. */
    ema: z.number().min(0).lt(1),
    /** Decay of Adam’s first moment, 0 to 1. Default 0.9. */
    beta1: z.number().min(0).lt(1),
    /** Decay of Adam’s second moment, 0 to 1. Default 0.999. */
    beta2: z.number().min(0).lt(1),
    /** Adam’s ε, added to the root of the second moment. Default 1e-8. */
    adamEpsilon: z.number().positive(),
    /** Steps between two checkpoints. Default 1000. */
    checkpointEvery: positive,
    /** Its numbers of steps before it was extended. */
    extended: z.array(positive).optional(),
  }),
  /** The run whose weights training began with. */
  from: z.string().optional(),
});

/** A model whose weights came from a file: how they were trained is not known. */
const importedSchema = z.strictObject({
  ...base,
  /** The published network. */
  net: z.strictObject({
    /** Tells a published network from those of `nets`. */
    name: z.literal('published'),
    /** What the output of the network stands for. */
    predicts,
    /** Trained at all times, or at so many levels alone. */
    levels: z.union([z.literal('continuous'), positive]),
    /** Its description under the published names. */
    config: z.looseObject({
      /** The family of the network, such as `ncsnpp`. */
      name: z.string(),
    }),
  }),
  /** Where the weights came from. */
  imported: z.strictObject({
    /** How their file was written. */
    format: z.string(),
    /** Weights as trained (`model`), or their moving average (`ema`). */
    weights: z.enum(['ema', 'model']),
    /** Steps of their training, where the file says. */
    step: z.number().optional(),
    /** The description that the network was made from, where one was named. */
    arch: z.string().optional(),
  }),
});

/**
 * The content of the `config.json` of a trained run, checked: its whole description, plain JSON.
 * @interface
 */
export type RunConfig = z.infer<typeof configSchema>;
/**
 * The same of a run made of published weights.
 * @interface
 */
export type ImportedConfig = z.infer<typeof importedSchema>;
/** The description of a model that can be used, trained here or imported. */
export type ModelConfig = RunConfig | ImportedConfig;

/** The defaults of training, one place for library, command line and docs. */
export const trainingDefaults = Object.freeze({
  steps: 10_000,
  batch: 512,
  learningRate: 1e-3,
  warmup: 100,
  decay: 'cosine',
  clip: 1,
  ema: 0.999,
  beta1: 0.9,
  beta2: 0.999,
  adamEpsilon: 1e-8,
  checkpointEvery: 1000,
} as const satisfies RunConfig['training']);

/** The classes of a run that was trained with labels. */
export const classesOf = (config: ModelConfig): RunConfig['labels'] =>
  'imported' in config ? undefined : config.labels;

/** A configuration checked: the first thing wrong is named with its place. */
export const parseConfig = (value: unknown, where: string): RunConfig =>
  checked(configSchema, value, ...notValid(where));

/** The transform of a trained or imported run. One number applies to every value of a sample. */
export function parseModelConfig(value: unknown, where: string): ModelConfig {
  if (typeof value !== 'object' || value === null || !('imported' in value)) return parseConfig(value, where);
  const config = checked(importedSchema, value, ...notValid(where));
  const size = config.data.shape.reduce((a, b) => a * b, 1);
  const every = (row: number[]) => (row.length === 1 ? Array<number>(size).fill(row[0]!) : row);
  const { shift, scale, bins } = config.transform;
  return { ...config, transform: { shift: every(shift), scale: every(scale), bins } };
}

/** @throws usage for a run that was not trained here, which has no state of training */
export function requireTrained(config: ModelConfig, where: string): RunConfig {
  if (!('imported' in config)) return config;
  throw usage('An imported run cannot be trained further', {
    where,
    remedy: 'Its file holds weights, not a state of training',
  });
}

const notValid = (where: string) =>
  [
    'The configuration is not valid',
    { where, remedy: 'A run is made by `langevin train`; its config.json is not meant to be edited by hand' },
  ] as const;
