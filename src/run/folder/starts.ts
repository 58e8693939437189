import * as z from 'zod';
import { tableSchema } from './schema/transform.ts';

/** `Starts` as the JSON of a file. */
export const startsSchema = z.strictObject({
  /** Fitted to the rows that are trained on. */
  training: tableSchema,
  /** Fitted to those of the validation too. */
  all: tableSchema,
});

/**
 * The transforms of a table whose validation has few rows. A run that keeps its start uses the second, but
 * goes on training with the first.
 */
export type Starts = z.infer<typeof startsSchema>;
