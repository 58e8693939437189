import * as z from 'zod';
import {
  columnKindSchema,
  gridSchema,
  missingPolicies,
  type TextOptions,
  tableLayoutSchema,
} from '../../data/index.ts';
import { usage } from '../../errors.ts';
import { checked } from '../../files/index.ts';
import { objectives, timeLaws, weightings } from '../../objectives/index.ts';
import type { ObjectiveName } from '../../registry/objectives.ts';

/** A named part of a run with its options: plain JSON. */
export interface NamedPart {
  /** A name in the table of such parts. */
  name: string;
  /** Its options by name. */
  [option: string]: unknown;
}

const spec: z.ZodType<NamedPart> = z.looseObject({ name: z.string() });
const positive = z.number().int().positive();

/** z = (x − shift)/scale, value by value. */
const affineSchema = z.strictObject({
  /** The x that comes to z = 0, one for each value. */
  shift: z.array(z.number()),
  /** The length in x that comes to 1 in z, one for each value. */
  scale: z.array(z.number().positive()),
  /** The steps of the values, see `transform`. */
  bins: z.union([z.boolean(), z.array(gridSchema.nullable())]),
});

const numbers = z.array(z.number());
/** The transform of a table: `TableTransformJson`. */
const tableSchema = z.strictObject({
  /** The map of each cell of a row. */
  cells: z
    .array(
      z.discriminatedUnion('kind', [
        z.strictObject({
          /** A number. */
          kind: z.literal('number'),
          /** The Gaussian mixture whose distribution function maps it to a normal one. */
          margin: z.strictObject({
            weights: z.array(z.number().positive()).nonempty(),
            means: numbers.nonempty(),
            stds: z.array(z.number().positive()).nonempty(),
          }),
          /** The grid of its values, if they have one. */
          grid: gridSchema.optional(),
        }),
        z.strictObject({
          /** One of K categories. */
          kind: z.literal('category'),
          /** Their frequencies. */
          probabilities: z.array(z.number().positive()).min(2),
        }),
      ]),
    )
    .nonempty(),
  /** The Gaussian that whitens the coordinates. */
  gaussian: z.strictObject({
    mean: numbers.nonempty(),
    covariance: numbers.nonempty(),
  }),
});

const predicts = z.enum(['score', 'noise', 'data', 'velocity']);
const text = z
  .strictObject({
    delimiter: z.string(),
    decimal: z.enum(['.', ',']),
    header: z.boolean(),
    encoding: z.string(),
    dropRows: z.boolean(),
    missing: z.enum(missingPolicies),
  })
  .partial() as z.ZodType<TextOptions>;
/** What is needed to use a model: its data, its SDE and its network. */
const base = {
  /** The format of this file. */
  format: z.literal(1),
  /** The version of the package that wrote the file. */
  version: z.string(),
  /** The seed of the run. */
  seed: z.number().int().nonnegative(),
  /** The source of the data, and their shape. */
  data: z.strictObject({
    /** What was opened: a path, or the name of a toy data set. */
    source: z.string(),
    /** The shape of one sample, [...D]. */
    shape: z.array(positive).nonempty(),
    /** The names of the columns of a table, in the order of the values. */
    columns: z.array(z.string()).optional(),
    /** The kind of each of them. */
    kinds: z.array(columnKindSchema).optional(),
    /** Every column of the file, in its order: how samples are written like it. */
    layout: tableLayoutSchema.optional(),
    /** The fraction of rows kept from training; the seed chooses them. */
    testFraction: z.number().min(0).lt(1),
    /** If true, images are mirrored left to right with probability ½ each time they are drawn. */
    flips: z.literal(true).optional(),
    /** The name of the array in an `.npz` file with several arrays. */
    array: z.string().optional(),
    /** The options for reading a text table that were set. */
    text: text.optional(),
    /** The side to which images in a folder are scaled and cropped. */
    size: positive.optional(),
    /** The colour behind transparent pixels of images in a folder. */
    background: z.string().optional(),
    /** Whether the model answers every question about a row. */
    conditional: z.literal(true).optional(),
    /** Columns that are always known: the model is p(the rest | these). */
    condition: z.array(z.string()).nonempty().optional(),
    /** The part of the training rows kept for validation, chosen by the seed. */
    validationFraction: z.number().min(0).lt(1).optional(),
  }),
  /**
   * The map from data units to model units. Affine: z = (x − shift)/scale, for each value of a sample. `bins`
   * true says that x is a whole number + u, u ~ U[0, 1); a list has for each value its steps, x = (offset +
   * k·step)/10^decimals + u·step/10^decimals, or null for a continuous one. Of a table: a map for each cell,
   * and the Gaussian that whitens.
   */
  transform: z.union([affineSchema, tableSchema]),
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
    /** A name in `nets`, or that of a network of the user. */
    name: z.string(),
    /** What the output of the network predicts. */
    predicts,
  }),
  /** The loss of the training, with its options. */
  objective: z.strictObject({
    /** A name in `objectives`. */
    name: z.enum(Object.keys(objectives) as [ObjectiveName, ...ObjectiveName[]]).default('denoising'),
    /** λ(t), the weight of the squared error of the score. */
    weighting: z.enum(weightings),
    /** The smallest training time. */
    epsilon: z.number().positive(),
    /** The law of the training times. */
    times: z.enum(timeLaws).optional(),
    /** Mean of log(std/scale), for the law `log-normal`. */
    logMean: z.number().optional(),
    /** Standard deviation of log(std/scale), for the law `log-normal`. */
    logStd: z.number().positive().optional(),
    /** The one noise level trained at, σ/α in model units. */
    sigma: z.number().positive().optional(),
    /** N, for discrete objectives. */
    levels: positive.optional(),
    /** Directions for each sample, for `sliced`. */
    probes: positive.optional(),
    /** Whether ‖score‖² is exact or an estimate along the directions, for `sliced`. */
    reduced: z.boolean().optional(),
    /** Moves of each chain in a step, for `maximum-likelihood`. */
    moves: positive.optional(),
    /** Length of a move in units of the noise, for `maximum-likelihood`. */
    step: z.number().positive().optional(),
    /** Share of chains that start again in each step, for `maximum-likelihood`. */
    renew: z.number().min(0).max(1).optional(),
    /** Weight of E², for `maximum-likelihood`. */
    regular: z.number().nonnegative().optional(),
    /** Whether chains go on from step to step, for `maximum-likelihood`. */
    persistent: z.boolean().optional(),
  }),
  /**
   * The source of the labels, the class names in the order of their numbers, and the share of samples trained
   * without their label.
   */
  labels: z
    .strictObject({
      /** The source of the labels: the name of a column, a file, or `own`. */
      source: z.string(),
      /** The K classes by name, in the order of their numbers. */
      classes: z.array(z.string()).min(2),
      /** The share of training samples without their label. */
      dropout: z.number().min(0).max(1),
    })
    .optional(),
  /** The settings of the training. */
  training: z.strictObject({
    /** Steps of training, each with one batch. Default 10,000. */
    steps: positive,
    /** Samples in each step. Default 512. */
    batch: positive.max(2 ** 24),
    /** Learning rate of Adam after the warm-up. Default 0.001. */
    learningRate: z.number().positive(),
    /** Steps over which the learning rate rises from 0. Default 100. */
    warmup: z.number().int().nonnegative(),
    /**
     * How the learning rate falls after the warm-up: along half a cosine to 0 (default `cosine`), or not at
     * all (`none`).
     */
    decay: z.enum(['cosine', 'none']),
    /** The largest length of a gradient; a longer one is shortened to it. Default 1. */
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
    /** The numbers of steps that the run had before it was extended. */
    extended: z.array(positive).optional(),
  }),
  /** The run whose weights were the start of the training. */
  from: z.string().optional(),
});

/** A model whose weights come from a file, so its training settings are unknown. */
const importedSchema = z.strictObject({
  ...base,
  /** The published network. */
  net: z.strictObject({
    /** Separates a published network from those of `nets`. */
    name: z.literal('published'),
    /** What the output of the network predicts. */
    predicts,
    /** Whether it was trained at all times, or at N levels only. */
    levels: z.union([z.literal('continuous'), positive]),
    /** Its description under the published names. */
    config: z.looseObject({
      /** The family of the network, such as `ncsnpp`. */
      name: z.string(),
    }),
  }),
  /** The source of the weights. */
  imported: z.strictObject({
    /** The format of their file. */
    format: z.string(),
    /** Weights as trained (`model`), or their moving average (`ema`). */
    weights: z.enum(['ema', 'model']),
    /** Number of training steps, if the file has it. */
    step: z.number().optional(),
    /** The name of the network's description, if one was used. */
    arch: z.string().optional(),
  }),
});

/**
 * The checked content of the `config.json` of a trained run: its whole description, plain JSON.
 * @interface
 */
export type RunConfig = z.infer<typeof configSchema>;
/**
 * The checked content of the `config.json` of a run with published weights.
 * @interface
 */
export type ImportedConfig = z.infer<typeof importedSchema>;
/** The description of a model that can be used: trained by langevin or imported. */
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

/** Checks a configuration. The error names the first invalid value and its position. */
export const parseConfig = (value: unknown, where: string): RunConfig =>
  checked(configSchema, value, ...notValid(where));

/**
 * Checks the configuration of a trained or imported run. In a transform, one number applies to every value of
 * a sample.
 */
export function parseModelConfig(value: unknown, where: string): ModelConfig {
  if (typeof value !== 'object' || value === null || !('imported' in value)) return parseConfig(value, where);
  const config = checked(importedSchema, value, ...notValid(where));
  const size = config.data.shape.reduce((a, b) => a * b, 1);
  const every = (row: number[]) => (row.length === 1 ? Array<number>(size).fill(row[0]!) : row);
  if ('cells' in config.transform) return config;
  const { shift, scale, bins } = config.transform;
  return { ...config, transform: { shift: every(shift), scale: every(scale), bins } };
}

/** @throws usage for an imported run, which has no training state */
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
