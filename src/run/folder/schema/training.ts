import * as z from 'zod';
import { objectives, timeLaws, weightings } from '../../../objectives/index.ts';
import type { ObjectiveName } from '../../../registry/objectives.ts';

const positive = z.number().int().positive();

/** The loss of a training, with its options. */
export const objectiveSchema = z.strictObject({
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
  /** The longest move in units of the noise, for `maximum-likelihood`. */
  step: z.number().positive().optional(),
  /** The longest move over the shortest, for `maximum-likelihood`. */
  range: z.number().min(1).optional(),
  /** Whether chains are offered fresh draws of a wide Gaussian, for `maximum-likelihood`. */
  leap: z.boolean().optional(),
  /** Share of chains that start again in each step, for `maximum-likelihood`. */
  renew: z.number().min(0).max(1).optional(),
  /** Weight of E², for `maximum-likelihood`. */
  regular: z.number().nonnegative().optional(),
  /** Weight of the squared slope of E at draws, for `maximum-likelihood`. */
  penalty: z.number().nonnegative().optional(),
  /** Whether chains go on from step to step, for `maximum-likelihood`. */
  persistent: z.boolean().optional(),
});

/** The classes of a training with labels. */
export const labelsSchema = z.strictObject({
  /** The source of the labels: the name of a column, a file, or `own`. */
  source: z.string(),
  /** The K classes by name, in the order of their numbers. */
  classes: z.array(z.string()).min(2),
  /** The share of training samples without their label. */
  dropout: z.number().min(0).max(1),
});

/** Langevin dynamics over the weights, with its options. */
export const sgldSchema = z.strictObject({
  /** Stochastic gradient Langevin dynamics (Welling & Teh 2011). */
  name: z.literal('sgld'),
  /** N, the rows that the posterior has seen. Default: the training rows; of a density, all it draws. */
  rows: positive,
  /** τ, the variance of the targets that the likelihood assumes. Default 1. */
  temperature: z.number().positive(),
  /** Standard deviation of the prior of each weight. Default 1. */
  priorStd: z.number().positive(),
  /** γ of the steps ε ∝ (1 + k/warmup)^{−γ}, above ½ and at most 1. Default 0.55. */
  power: z.number().gt(0.5).max(1),
  /** Draws of weights kept from the second half of the steps. Default 20. */
  draws: positive.max(1000),
});

/** The defaults of `sgld`, but for the rows. */
export const sgldDefaults = Object.freeze({ temperature: 1, priorStd: 1, power: 0.55, draws: 20 });

/** The settings of a training. */
export const trainingSchema = z.strictObject({
  /** Steps of training, each with one batch. Default 10,000; of maximum likelihood 2,400. */
  steps: positive,
  /** Samples in each step. Default 512; of maximum likelihood 256. */
  batch: positive.max(2 ** 24),
  /**
   * Learning rate of Adam after the warm-up. Default 0.001; for energies, and tables with validation rows,
   * 0.002; of maximum likelihood 0.003.
   */
  learningRate: z.number().positive(),
  /** Steps over which the learning rate rises from 0. Default 100. */
  warmup: z.number().int().nonnegative(),
  /**
   * How the learning rate falls after the warm-up: along half a cosine to 0 (default `cosine`), or not at
   * all (`none`). `sgld` has `power`, (1 + k/warmup)^{−γ}.
   */
  decay: z.enum(['cosine', 'none', 'power']),
  /** Langevin dynamics in place of Adam. */
  optimizer: sgldSchema.optional(),
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
});

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
} as const satisfies z.infer<typeof trainingSchema>);
