import { usage } from '../errors.ts';
import type { NumberArray } from '../files/index.ts';
import { areBytes, blocks, type Numbers, placeName, refuseValues, type Table, width } from './table.ts';
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
export function fitTransform(table: Table<Numbers>, rows: Uint32Array, options: FitOptions): Transform {
  const { scaling, dequantize, levels } = options;
  const dimension = width(table);
  if (scaling === 'standard') return standardize(table, rows, dequantize);
  if (scaling === 'none') return affine(identity(dimension).shift, identity(dimension).scale, dequantize);
  if (!(areBytes(table) && levels >= 256)) refuseOutside(table, scaling, levels);
  const range = dequantize ? levels : levels - 1;
  const [shift, scale] = scaling === 'unit' ? [0, range] : [range / 2, range / 2];
  return affine(new Float64Array(dimension).fill(shift), new Float64Array(dimension).fill(scale), dequantize);
}

function refuseOutside(table: Table<Numbers>, scaling: Scaling, levels: number): void {
  const bad = (value: number) => value < 0 || value > levels - 1;
  refuseValues(table, bad, `a value out of range for scaling "${scaling}"`, {
    expected: `0 to ${levels - 1}`,
    remedy: 'Give the number of levels, or choose scaling "standard".',
  });
}

function standardize(table: Table<Numbers>, rows: Uint32Array, dequantize: boolean): Transform {
  const { mean, variance, constant } = moments(table, rows);
  if (!dequantize && constant.length > 0) throw constantColumns(table, constant);
  const extra = dequantize ? { mean: 0.5, variance: 1 / 12 } : { mean: 0, variance: 0 };
  return affine(
    mean.map(value => value + extra.mean),
    variance.map(value => Math.sqrt(value + extra.variance)),
    dequantize,
  );
}

function constantColumns(table: Table<Numbers>, constant: readonly number[]) {
  const names = constant.map(d => (table.columns ? table.columns[d]! : placeName(table, d)));
  const remedy = table.columns
    ? `Leave ${names.length > 1 ? 'them' : 'it'} out with --exclude ${names.join(',')}, or, if the values are integers, use --dequantize.`
    : 'Leave them out, or choose another scaling, or, if the values are integers, --dequantize.';
  return usage(`constant over the training rows, so it has no density: ${names.join(', ')}`, {
    where: table.where,
    remedy,
  });
}

/**
 * Mean and population variance of each column over some rows (rising), in two passes, and the columns that never change.
 * Rows are read once a pass, a block at a time.
 */
export function moments(table: Table<Numbers>, rows: Uint32Array) {
  const size = width(table);
  const mean = new Float64Array(size);
  const variance = new Float64Array(size);
  const changes = new Uint8Array(size);
  const first = Float64Array.from(table.values.subarray(rows[0]! * size, (rows[0]! + 1) * size));
  for (const { values, at } of chosen(table, rows))
    for (let d = 0; d < size; d++) mean[d]! += values[at + d]!;
  for (let d = 0; d < size; d++) mean[d]! /= rows.length;
  for (const { values, at } of chosen(table, rows)) {
    for (let d = 0; d < size; d++) {
      variance[d]! += (values[at + d]! - mean[d]!) ** 2 / rows.length;
      if (values[at + d] !== first[d]) changes[d] = 1;
    }
  }
  const constant = [...changes.keys()].filter(d => changes[d] === 0);
  for (const d of constant) variance[d] = 0;
  return { mean, variance, constant };
}

/** Each of these rows, as a place in the block that holds it. */
function* chosen(table: Table<Numbers>, rows: Uint32Array): Generator<{ values: NumberArray; at: number }> {
  const size = width(table);
  let next = 0;
  for (const { values, first } of blocks(table)) {
    const end = first + values.length / size;
    for (; next < rows.length && rows[next]! < end; next++)
      yield { values, at: (rows[next]! - first) * size };
  }
}
