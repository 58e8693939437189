import * as z from 'zod';

const share = z.number().min(0).max(1);
const count = z.number().int().nonnegative();

export const classifierReportSchema = z.strictObject({
  part: z.enum(['test', 'validation']),
  rows: count,
  levels: z.array(z.strictObject({ noise: z.number(), accuracy: share, crossEntropy: z.number() })),
  largest: z.strictObject({ class: z.string(), accuracy: share }),
  frequencies: z.number(),
});

/** How well a classifier tells the classes of rows that training did not see, by noise level. */
export interface ClassifierReport {
  /** The rows: those kept for testing, or, where there are none, those that decided when to stop. */
  readonly part: 'test' | 'validation';
  /** Number of rows. Each is seen with several noises. */
  readonly rows: number;
  /** From the least noise to the most. */
  readonly levels: readonly {
    /** σ/α, for data of standard deviation 1. */
    readonly noise: number;
    /** Share of the rows whose most probable class is theirs. */
    readonly accuracy: number;
    /** Mean of −log p(y | x_t) in nats. */
    readonly crossEntropy: number;
  }[];
  /** Always saying the class that is largest in the training rows. */
  readonly largest: {
    /** Its name. */
    readonly class: string;
    /** Share of the rows that are of this class. */
    readonly accuracy: number;
  };
  /** The cross-entropy of always saying the frequencies of the training rows, in nats. */
  readonly frequencies: number;
}
