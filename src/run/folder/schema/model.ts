import * as z from 'zod';
import {
  columnKindSchema,
  missingPolicies,
  type TextOptions,
  tableLayoutSchema,
} from '../../../data/index.ts';
import { affineSchema, tableSchema } from './transform.ts';

/** A named part of a run with its options: plain JSON. */
export interface NamedPart {
  /** A name in the table of such parts. */
  name: string;
  /** Its options by name. */
  [option: string]: unknown;
}

const namedPart: z.ZodType<NamedPart> = z.looseObject({ name: z.string() });
const positive = z.number().int().positive();

const text = z
  .strictObject({
    delimiter: z.string(),
    decimal: z.enum(['.', ',']),
    header: z.boolean(),
    encoding: z.string(),
    dropRows: z.boolean(),
    missing: z.enum(missingPolicies),
  })
  .partial() as z.ZodType<TextOptions>;

/** What is needed to use a model: its data, its SDE and its network. */
export const modelParts = {
  /** The format of this file. */
  format: z.literal(1),
  /** The version of the package that wrote the file. */
  version: z.string(),
  /** The seed of the run. */
  seed: z.number().int().nonnegative(),
  /** The source of the data, and their shape. */
  data: z.strictObject({
    /** What was opened: a path, or the name of a toy data set. */
    source: z.string(),
    /** The shape of one sample, [...D]. */
    shape: z.array(positive).nonempty(),
    /** The names of the columns of a table, in the order of the values. */
    columns: z.array(z.string()).optional(),
    /** The kind of each of them. */
    kinds: z.array(columnKindSchema).optional(),
    /** Every column of the file, in its order: how samples are written like it. */
    layout: tableLayoutSchema.optional(),
    /** The fraction of rows kept from training; the seed chooses them. */
    testFraction: z.number().min(0).lt(1),
    /** If true, images are mirrored left to right with probability ½ each time they are drawn. */
    flips: z.literal(true).optional(),
    /** The name of the array in an `.npz` file with several arrays. */
    array: z.string().optional(),
    /** The options for reading a text table that were set. */
    text: text.optional(),
    /** The side to which images in a folder are scaled and cropped. */
    size: positive.optional(),
    /** The colour behind transparent pixels of images in a folder. */
    background: z.string().optional(),
    /** Whether the model answers every question about a row. */
    conditional: z.literal(true).optional(),
    /** Columns that are always known: the model is p(the rest | these). */
    condition: z.array(z.string()).nonempty().optional(),
    /** The part of the training rows kept for validation, chosen by the seed. */
    validationFraction: z.number().min(0).lt(1).optional(),
  }),
  /**
   * The map from data units to model units. Affine: z = (x − shift)/scale, for each value of a sample. `bins`
   * true says that x is a whole number + u, u ~ U[0, 1); a list has for each value its steps, x = (offset +
   * k·step)/10^decimals + u·step/10^decimals, or null for a continuous one. Of a table: a map for each cell,
   * and the Gaussian that whitens.
   */
  transform: z.union([affineSchema, tableSchema]),
  /** The SDE by name, with its schedule and options. */
  sde: namedPart,
};
