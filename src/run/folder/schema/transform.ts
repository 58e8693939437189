import * as z from 'zod';
import { gridSchema } from '../../../data/index.ts';

const numbers = z.array(z.number());
const positives = z.array(z.number().positive());

/** z = (x − shift)/scale, value by value. */
export const affineSchema = z.strictObject({
  /** The x that comes to z = 0, one for each value. */
  shift: z.array(z.number()),
  /** The length in x that comes to 1 in z, one for each value. */
  scale: positives,
  /** The steps of the values, see `transform`. */
  bins: z.union([z.boolean(), z.array(gridSchema.nullable())]),
});

/** Σ weights[k]·N(means[k], stds[k]²), the law of one column: `MarginJson`. */
const marginSchema = z.strictObject({
  /** Above 0, with sum 1. */
  weights: positives.nonempty(),
  /** Means, in data units. */
  means: numbers.nonempty(),
  /** Standard deviations in data units, above 0. */
  stds: positives.nonempty(),
});

/** The transform of a table: `TableTransformJson`. */
export const tableSchema = z.strictObject({
  /** The map of each cell of a row. */
  cells: z
    .array(
      z.discriminatedUnion('kind', [
        z.strictObject({
          /** A number. */
          kind: z.literal('number'),
          /** The Gaussian mixture whose distribution function maps it to a normal one. */
          margin: marginSchema,
          /** The grid of its values, if they have one. */
          grid: gridSchema.optional(),
          /** The least value of samples. */
          low: z.number().optional(),
          /** The greatest value of samples. */
          high: z.number().optional(),
          /** Ends that many rows share: lengths over which they are spread, and the unit of densities. */
          atoms: z
            .strictObject({
              /** The length below the least value. */
              low: z.number().positive().optional(),
              /** The length above the greatest value. */
              high: z.number().positive().optional(),
              /** The length over which a value has its probability. */
              unit: z.number().positive(),
            })
            .optional(),
        }),
        z.strictObject({
          /** One of K categories. */
          kind: z.literal('category'),
          /** Their frequencies. */
          probabilities: positives.min(2),
        }),
      ]),
    )
    .nonempty(),
  /** The Gaussian of the coordinates, which standardises them. */
  gaussian: z.strictObject({
    /** Their mean, `[D]`. */
    mean: numbers.nonempty(),
    /** Their covariance, row-major `[D·D]`, or only their variances, `[D]`. */
    covariance: numbers.nonempty(),
  }),
  /** The mixture from which the model starts, over standardised coordinates: `MixtureJson`. */
  mixture: z
    .strictObject({
      /** Weight of each component, with sum 1. */
      weights: positives.min(1),
      /** Mean of each, `[K][D]`. */
      means: z.array(numbers.nonempty()).min(1),
      /** Covariance of each, row-major, `[K][D·D]`. */
      covariances: z.array(numbers.nonempty()).min(1),
    })
    .optional(),
});
