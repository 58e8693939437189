import * as z from 'zod';
import { usage } from '../../errors.ts';
import { checked } from '../../files/index.ts';
import { timeLaws } from '../../objectives/index.ts';
import { modelParts } from './schema/model.ts';
import { labelsSchema, trainingSchema } from './schema/training.ts';

const classifierSchema = z.strictObject({
  ...modelParts,
  /** The engine that trained it. */
  engine: z.string(),
  /** The network by name, with its options. */
  net: z.looseObject({
    /** A name in `classifierNets`. */
    name: z.string(),
    /** K */
    classes: z.number().int().positive(),
  }),
  /** Cross-entropy, and the law of its noise levels. */
  objective: z.strictObject({
    /** What makes this the configuration of a classifier. */
    name: z.literal('classifier'),
    /** The smallest training time. */
    epsilon: z.number().positive(),
    /** The law of the training times. */
    times: z.enum(timeLaws),
    /** Mean of log(std/scale), for the law `log-normal`. */
    logMean: z.number().optional(),
    /** Standard deviation of log(std/scale), for the law `log-normal`. */
    logStd: z.number().positive().optional(),
  }),
  /** The classes, and where they come from. */
  labels: labelsSchema,
  /** The settings of the training. */
  training: trainingSchema,
});

/**
 * The checked content of the `config.json` of a classifier: its whole description, plain JSON.
 * @interface
 */
export type ClassifierConfig = z.infer<typeof classifierSchema>;

/** Whether a configuration is that of a classifier, by what it says of its objective. */
export const isClassifier = (value: unknown): boolean =>
  (Object(Object(value).objective) as { readonly name?: unknown }).name === 'classifier';

/** Checks the configuration of a new classifier. */
export const classifierConfigOf = (value: unknown): ClassifierConfig =>
  checked(classifierSchema, value, 'An option is not valid', { where: 'train' });

/** Checks the configuration of a classifier. @throws usage for the configuration of another run */
export function parseClassifierConfig(value: unknown, where: string): ClassifierConfig {
  if (isClassifier(value))
    return checked(classifierSchema, value, 'The configuration is not valid', { where });
  throw usage('This run is a model of data, and no classifier', {
    where,
    remedy: 'Train one: langevin train DATA --labels COLUMN --objective classifier --for RUN --out WHICH',
  });
}

/** Refuses a classifier where a model of data is expected. */
export function refuseClassifier(value: unknown, where: string): void {
  if (!isClassifier(value)) return;
  throw usage('This run is a classifier: it tells classes and has no score', {
    where,
    remedy: 'Let it guide a model of the same data: langevin sample RUN --classifier WHICH --class NAME',
  });
}
