import { usage } from '../errors.ts';
import { placeName, refuseValues, type Table, width } from './table.ts';
import { affine, identity, type Transform } from './transform.ts';

/**
 * How values are brought to the network's size:
 * `standard`, each column to mean 0 and standard deviation 1 over the training rows;
 * `symmetric`, levels 0 … L−1 to [−1, 1]; `unit`, the same to [0, 1]; `none`, left as they are.
 */
export const scalings = ['standard', 'symmetric', 'unit', 'none'] as const;
export type Scaling = (typeof scalings)[number];

export interface FitOptions {
  readonly scaling: Scaling;
  /** x is value + u, u ~ U[0, 1): the mean rises by ½ and the variance by 1/12, and L levels fill [0, L]. */
  readonly dequantize: boolean;
  /** L, for `symmetric` and `unit` */
  readonly levels: number;
}

/** The transform of a table, from its training rows alone. */
export function fitTransform(table: Table, rows: Uint32Array, options: FitOptions): Transform {
  const { scaling, dequantize, levels } = options;
  const dimension = width(table);
  if (scaling === 'standard') return standardize(table, rows, dequantize);
  if (scaling === 'none') return affine(identity(dimension).shift, identity(dimension).scale, dequantize);
  refuseValues(
    table,
    value => value < 0 || value > levels - 1,
    `a value out of range for scaling "${scaling}"`,
    {
      expected: `0 to ${levels - 1}`,
      remedy: 'Give the number of levels, or choose scaling "standard".',
    },
  );
  const range = dequantize ? levels : levels - 1;
  const [shift, scale] = scaling === 'unit' ? [0, range] : [range / 2, range / 2];
  return affine(new Float64Array(dimension).fill(shift), new Float64Array(dimension).fill(scale), dequantize);
}

function standardize(table: Table, rows: Uint32Array, dequantize: boolean): Transform {
  const { mean, variance, constant } = moments(table, rows);
  if (!dequantize && constant.length > 0) throw constantColumns(table, constant);
  const extra = dequantize ? { mean: 0.5, variance: 1 / 12 } : { mean: 0, variance: 0 };
  return affine(
    mean.map(value => value + extra.mean),
    variance.map(value => Math.sqrt(value + extra.variance)),
    dequantize,
  );
}

function constantColumns(table: Table, constant: readonly number[]) {
  const names = constant.map(d => (table.columns ? table.columns[d]! : placeName(table, d)));
  const remedy = table.columns
    ? `Leave ${names.length > 1 ? 'them' : 'it'} out with --exclude ${names.join(',')}, or, if the values are integers, use --dequantize.`
    : 'Leave them out, or choose another scaling, or, if the values are integers, --dequantize.';
  return usage(`constant over the training rows, so it has no density: ${names.join(', ')}`, {
    where: table.where,
    remedy,
  });
}

/** Mean and population variance of each column over some rows, in two passes, and the columns that never change. */
export function moments(table: Table, rows: Uint32Array) {
  const { values } = table;
  const size = width(table);
  const mean = new Float64Array(size);
  const variance = new Float64Array(size);
  const changes = new Uint8Array(size);
  for (const row of rows) for (let d = 0; d < size; d++) mean[d]! += values[row * size + d]!;
  for (let d = 0; d < size; d++) mean[d]! /= rows.length;
  for (const row of rows) {
    for (let d = 0; d < size; d++) {
      variance[d]! += (values[row * size + d]! - mean[d]!) ** 2 / rows.length;
      if (values[row * size + d] !== values[rows[0]! * size + d]) changes[d] = 1;
    }
  }
  const constant = [...changes.keys()].filter(d => changes[d] === 0);
  for (const d of constant) variance[d] = 0;
  return { mean, variance, constant };
}
