import * as z from 'zod';
import { type ClassifierReport, classifierReportSchema } from './classifier-report.ts';
import { type Report, reportSchema } from './report.ts';

/** One point of the loss curve: the mean loss over the steps up to `step` since the last point. */
export interface LossPoint {
  /** Number of training steps taken. */
  readonly step: number;
  /** The mean loss. */
  readonly loss: number;
}

/**
 * Distances of samples to the data during training, in model units, and the distance between two sets of
 * data.
 */
export interface QualityCurve {
  /** The distance between two sets of data: smaller distances mean nothing. */
  readonly floor: number;
  /** The distance of samples to data at each step where it was measured. */
  readonly points: readonly {
    /** Number of training steps taken. */
    readonly step: number;
    /** The sliced Wasserstein distance. */
    readonly distance: number;
  }[];
}

/** The likelihood of the validation rows during training, in nats a row and data units: a lower bound. */
export interface ValidationCurve {
  /** The nats where they were measured; at step 0 those of the Gaussian that training starts from. */
  readonly points: readonly {
    /** Number of training steps taken. */
    readonly step: number;
    /** Mean of the variational bound. */
    readonly nats: number;
    /** Their mean with those of a random question about each row, of a model that learns all questions. */
    readonly score?: number | undefined;
  }[];
  /** The step whose averaged weights the run uses. */
  readonly best: number;
  /** Number of validation rows. */
  readonly rows: number;
  /**
   * The same of a mixture of Gaussians without a network. The run is this mixture if it is ahead of `best`.
   */
  readonly mixture?:
    | {
        /** Mean of the variational bound. */
        readonly nats: number;
        /** Their mean with those of a random question about each row. */
        readonly score?: number | undefined;
      }
    | undefined;
  /** Whether training stopped because the nats no longer rose. */
  readonly stopped?: true | undefined;
}

/** The curves of a training: its losses, and what else was measured. */
export interface Curves {
  readonly losses: readonly LossPoint[];
  /** Nats of the validation rows, if rows were kept for it. */
  readonly validation?: ValidationCurve | undefined;
  /** Distances of samples to the data, if they were measured. */
  readonly quality?: QualityCurve | undefined;
  /** How good the finished model is, if that was measured. */
  readonly report?: Report | undefined;
  /** How good the finished classifier is, of a classifier. */
  readonly accuracy?: ClassifierReport | undefined;
}

/** The curves as the JSON of a file. */
export const curveFields = {
  losses: z.array(z.strictObject({ step: z.number(), loss: z.number() })),
  validation: z
    .strictObject({
      points: z.array(z.strictObject({ step: z.number(), nats: z.number(), score: z.number().optional() })),
      best: z.number(),
      rows: z.number(),
      mixture: z.strictObject({ nats: z.number(), score: z.number().optional() }).optional(),
      stopped: z.literal(true).optional(),
    })
    .optional(),
  report: reportSchema.optional(),
  accuracy: classifierReportSchema.optional(),
  quality: z
    .strictObject({
      floor: z.number(),
      points: z.array(z.strictObject({ step: z.number(), distance: z.number() })),
    })
    .optional(),
};
