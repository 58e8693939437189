import * as z from 'zod';

const nats = z.number();
const count = z.number().int().nonnegative();

export const reportSchema = z.strictObject({
  heldOut: z.strictObject({
    part: z.enum(['test', 'validation']),
    rows: count,
    nats,
    standardError: z.number().nullable(),
  }),
  training: z.strictObject({ rows: count, nats }),
  gaussian: z.strictObject({ nats, gain: nats, gainError: z.number().nullable(), full: z.boolean() }),
  mixture: z.strictObject({ nats, components: count }).nullable(),
  memorisation: z.strictObject({ share: z.number(), standardError: z.number() }).nullable(),
  margins: z
    .strictObject({ column: z.string(), error: z.number(), chance: z.number(), values: count.optional() })
    .nullable(),
  correlations: z
    .strictObject({ columns: z.tuple([z.string(), z.string()]), error: z.number(), chance: z.number() })
    .nullable(),
  outside: z
    .array(
      z.strictObject({
        column: z.string(),
        end: z.enum(['least', 'greatest']),
        value: z.number(),
        share: z.number(),
      }),
    )
    .optional(),
  remarks: z.array(z.string()),
});

/** Log-likelihood of rows that training did not see, in nats a row and data units. */
export interface HeldOutScore {
  /** The rows: those kept for testing, or, where there are none, those that decided when to stop. */
  readonly part: 'test' | 'validation';
  /** Number of rows. */
  readonly rows: number;
  /** Mean of log p(row). */
  readonly nats: number;
  /** Standard error of the mean over the rows; null for one row. */
  readonly standardError: number | null;
}

/** How good a model of a table is. Every number is of the model that the run uses. */
export interface Report {
  /** The score of rows that training did not see. */
  readonly heldOut: HeldOutScore;
  /** The score of training rows. If it is far above `heldOut`, the model has memorised rows. */
  readonly training: {
    /** Number of rows. */
    readonly rows: number;
    /** Mean of log p(row). */
    readonly nats: number;
  };
  /** A Gaussian fitted to the training rows, on the same held-out rows. */
  readonly gaussian: {
    /** Mean of its log p(row). */
    readonly nats: number;
    /** Mean of the model's nats above it, row by row. */
    readonly gain: number;
    /** Standard error of the gain. */
    readonly gainError: number | null;
    /** Whether it has a full covariance; else, of a wide table, independent columns. */
    readonly full: boolean;
  };
  /**
   * The best small mixture of Gaussians on the same rows; null for wide tables and rows with missing cells.
   */
  readonly mixture: {
    /** Mean of its log p(row). */
    readonly nats: number;
    /** Number of Gaussians. */
    readonly components: number;
  } | null;
  /** Whether samples repeat training rows (see `memorisation`): a share of ½ is right. */
  readonly memorisation: {
    /** P(a sample is nearer to its nearest training row than a held-out row is to its own). */
    readonly share: number;
    /** Standard error of the share. */
    readonly standardError: number;
  } | null;
  /** The column whose samples differ most from the training rows. */
  readonly margins: {
    /** Its name. */
    readonly column: string;
    /** Wasserstein distance in standard deviations; total variation for categories. */
    readonly error: number;
    /** The same distance for the held-out rows, which differ by chance. */
    readonly chance: number;
    /** Number of different values, if it is a column of numbers with few of them. */
    readonly values?: number | undefined;
  } | null;
  /** The two columns whose correlation differs most from that of the training rows. */
  readonly correlations: {
    /** Their names. */
    readonly columns: readonly [string, string];
    /** The difference of the correlations. */
    readonly error: number;
    /** The largest difference of the held-out rows. */
    readonly chance: number;
  } | null;
  /** Ends of the data beyond which many samples lie; absent in older runs. */
  readonly outside?:
    | readonly {
        /** The name of the column. */
        readonly column: string;
        /** Which end: the least or the greatest value of the data. */
        readonly end: 'least' | 'greatest';
        /** That value. */
        readonly value: number;
        /** The share of samples beyond it. */
        readonly share: number;
      }[]
    | undefined;
  /** What these numbers mean, in words, where something is wrong. */
  readonly remarks: readonly string[];
}
