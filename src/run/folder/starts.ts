import * as z from 'zod';
import { tableSchema } from './schema/transform.ts';

/** `Starts` as the JSON of a file. */
export const startsSchema = z.strictObject({
  /** Fitted to the rows that are trained on. */
  training: tableSchema,
  /** The same, fitted to the rows of the validation too. */
  all: tableSchema.optional(),
  /** With a mixture of Gaussians, in both ways. */
  mixture: z.strictObject({ training: tableSchema, all: tableSchema.optional() }).optional(),
});

/**
 * The transforms of a table that keeps rows for validation. If the validation prefers no network, a run uses
 * one that was fitted to all rows. It goes on training with the first.
 */
export type Starts = z.infer<typeof startsSchema>;
