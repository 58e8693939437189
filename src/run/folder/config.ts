import * as z from 'zod';
import { usage } from '../../errors.ts';
import { checked } from '../../files/index.ts';
import { refuseClassifier } from './classifier-config.ts';
import { modelParts } from './schema/model.ts';
import { labelsSchema, objectiveSchema, trainingSchema } from './schema/training.ts';

export type { NamedPart } from './schema/model.ts';
export { trainingDefaults } from './schema/training.ts';

const positive = z.number().int().positive();

const predicts = z.enum(['score', 'noise', 'data', 'velocity']);
/** Everything needed to repeat a run, and to use it without the data. Stored next to the weights. */
export const configSchema = z.strictObject({
  ...modelParts,
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
  objective: objectiveSchema,
  /**
   * The source of the labels, the class names in the order of their numbers, and the share of samples trained
   * without their label.
   */
  labels: labelsSchema.optional(),
  /** The settings of the training. */
  training: trainingSchema,
  /** The run whose weights were the start of the training. */
  from: z.string().optional(),
});

/** A model whose weights come from a file, so its training settings are unknown. */
const importedSchema = z.strictObject({
  ...modelParts,
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

/** The classes of a run that was trained with labels. */
export const classesOf = (config: ModelConfig): RunConfig['labels'] =>
  'imported' in config ? undefined : config.labels;

/** Checks the configuration of a new run, which comes from the options of its training. */
export const configOfOptions = (value: unknown): RunConfig =>
  checked(configSchema, value, 'An option is not valid', { where: 'train' });

/** Checks a configuration. The error names the first invalid value and its position. */
export const parseConfig = (value: unknown, where: string): RunConfig =>
  checked(configSchema, value, ...notValid(where));

/**
 * Checks the configuration of a trained or imported run. In a transform, one number applies to every value of
 * a sample.
 * @throws usage for a classifier, failure for what is no configuration
 */
export function parseModelConfig(value: unknown, where: string): ModelConfig {
  refuseClassifier(value, where);
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
