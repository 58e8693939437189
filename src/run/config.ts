import { z } from 'zod';
import { usage } from '../errors.ts';
import { type ObjectiveName, objectives, timeLaws, weightings } from '../objectives/index.ts';

const spec: z.ZodType<{ name: string; [option: string]: unknown }> = z.looseObject({ name: z.string() });
const positive = z.number().int().positive();

/** All that is needed to make a run again, and to use it without the data: written beside the weights. */
export const configSchema = z.strictObject({
  format: z.literal(1),
  version: z.string(),
  engine: z.string(),
  seed: z.number().int().nonnegative(),
  data: z.strictObject({
    source: z.string(),
    shape: z.array(positive).nonempty(),
    columns: z.array(z.string()).optional(),
    /** The part of the rows kept from training, chosen by the seed. */
    testFraction: z.number().min(0).lt(1),
  }),
  /** z = (x − shift)/scale, for each value of a sample; `bins` says that x is an integer + u, u ~ U[0, 1). */
  transform: z.strictObject({
    shift: z.array(z.number()),
    scale: z.array(z.number().positive()),
    bins: z.boolean(),
  }),
  sde: spec,
  net: z.looseObject({ name: z.string(), predicts: z.enum(['score', 'noise', 'data', 'velocity']) }),
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
    batch: positive,
    learningRate: z.number().positive(),
    warmup: z.number().int().nonnegative(),
    decay: z.enum(['cosine', 'none']),
    clip: z.number().positive(),
    ema: z.number().min(0).lt(1),
    beta1: z.number().min(0).lt(1),
    beta2: z.number().min(0).lt(1),
    adamEpsilon: z.number().positive(),
    checkpointEvery: positive,
  }),
});

/** The content of `config.json`, checked: the whole description of a run, plain JSON. */
export type RunConfig = z.infer<typeof configSchema>;

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

/** A configuration checked: the first thing wrong is named with its place. */
export function parseConfig(value: unknown, where: string): RunConfig {
  const parsed = configSchema.safeParse(value);
  if (parsed.success) return parsed.data;
  const issue = parsed.error.issues[0]!;
  throw usage('The configuration is not valid', {
    where,
    got: `${issue.path.join('.') || 'the whole'}: ${issue.message}`,
    remedy: 'A run is made by `langevin train`; its config.json is not meant to be edited by hand',
  });
}
