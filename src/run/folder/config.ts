import { z } from 'zod';
import type { TextOptions } from '../../data/index.ts';
import { usage } from '../../errors.ts';
import { checked } from '../../files/index.ts';
import { objectives, timeLaws, weightings } from '../../objectives/index.ts';
import type { ObjectiveName } from '../../registry/objectives.ts';

const spec: z.ZodType<{ name: string; [option: string]: unknown }> = z.looseObject({ name: z.string() });
const positive = z.number().int().positive();

const grid = z.strictObject({
  step: positive,
  decimals: z.number().int().min(0).max(15),
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
  format: z.literal(1),
  version: z.string(),
  seed: z.number().int().nonnegative(),
  data: z.strictObject({
    source: z.string(),
    shape: z.array(positive).nonempty(),
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
   * z = (x − shift)/scale, for each value of a sample. `bins` true says that x is a whole number + u, u ~ U[0, 1); a list has for each value
   * its steps, x = (offset + k·step)/10^decimals + u·step/10^decimals, or null for a continuous one.
   */
  transform: z.strictObject({
    shift: z.array(z.number()),
    scale: z.array(z.number().positive()),
    bins: z.union([z.boolean(), z.array(grid.nullable())]),
  }),
  sde: spec,
};

/** All that is needed to make a run again, and to use it without the data: written beside the weights. */
export const configSchema = z.strictObject({
  ...base,
  engine: z.string(),
  net: z.looseObject({ name: z.string(), predicts }),
  objective: z.strictObject({
    name: z.enum(Object.keys(objectives) as [ObjectiveName, ...ObjectiveName[]]).default('denoising'),
    weighting: z.enum(weightings),
    epsilon: z.number().positive(),
    times: z.enum(timeLaws).optional(),
    logMean: z.number().optional(),
    logStd: z.number().positive().optional(),
    levels: positive.optional(),
    probes: positive.optional(),
  }),
  /** What the data were labelled by, the classes by name in the order of their numbers, and how often training withheld a label. */
  labels: z
    .strictObject({
      source: z.string(),
      classes: z.array(z.string()).min(2),
      dropout: z.number().min(0).max(1),
    })
    .optional(),
  training: z.strictObject({
    steps: positive,
    batch: positive.max(2 ** 24),
    learningRate: z.number().positive(),
    warmup: z.number().int().nonnegative(),
    decay: z.enum(['cosine', 'none']),
    clip: z.number().positive(),
    ema: z.number().min(0).lt(1),
    beta1: z.number().min(0).lt(1),
    beta2: z.number().min(0).lt(1),
    adamEpsilon: z.number().positive(),
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
  /** `config`, `levels`: the network under the published names, and what its labels mean. */
  net: z.strictObject({
    name: z.literal('published'),
    predicts,
    levels: z.union([z.literal('continuous'), positive]),
    config: z.looseObject({ name: z.string() }),
  }),
  imported: z.strictObject({
    format: z.string(),
    weights: z.enum(['ema', 'model']),
    step: z.number().optional(),
    arch: z.string().optional(),
  }),
});

/** The content of the `config.json` of a trained run, checked: its whole description, plain JSON. */
export type RunConfig = z.infer<typeof configSchema>;
/** The same of a run made of published weights. */
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
} as const);

/** The classes of a run that was trained with labels. */
export const classesOf = (config: ModelConfig): RunConfig['labels'] =>
  'imported' in config ? undefined : config.labels;

/** A configuration checked: the first thing wrong is named with its place. */
export const parseConfig = (value: unknown, where: string): RunConfig =>
  checked(configSchema, value, ...notValid(where));

/** The same of a run trained or imported; a transform of one number holds for every value of a sample. */
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
