import type { NumberArray } from '../files/index.ts';
import { blocks, type Numbers, type Table, width } from './table.ts';

/**
 * Mean and population standard deviation of each column over some rows (in rising order), in two passes. The
 * deviation of a constant column is 0. Differences are relative to the first row, and squared in units of the
 * largest. So a large offset or extreme float64 values cost no digits. Each pass reads the rows once,
 * block by block.
 */
export function moments(table: Table<Numbers>, rows: Uint32Array) {
  const size = width(table);
  const first = Float64Array.from(table.values.subarray(rows[0]! * size, (rows[0]! + 1) * size));
  const mean = new Float64Array(size);
  const reach = new Float64Array(size);
  for (const { values, at } of eachRow(table, rows))
    for (let d = 0; d < size; d++) {
      const difference = values[at + d]! - first[d]!;
      mean[d]! += difference / rows.length;
      reach[d] = Math.max(reach[d]!, Math.abs(difference));
    }
  for (let d = 0; d < size; d++) mean[d]! += first[d]!;
  const std = new Float64Array(size);
  for (const { values, at } of eachRow(table, rows))
    for (let d = 0; d < size; d++)
      if (reach[d]! > 0) std[d]! += ((values[at + d]! - mean[d]!) / reach[d]!) ** 2 / rows.length;
  for (let d = 0; d < size; d++) std[d] = reach[d]! * Math.sqrt(std[d]!);
  return { mean, std };
}

/** Each of these rows, as a position in the block that contains it. */
export function* eachRow(
  table: Table<Numbers>,
  rows: Uint32Array,
): Generator<{ values: NumberArray; at: number }> {
  const size = width(table);
  let next = 0;
  for (const { values, first } of blocks(table)) {
    const end = first + values.length / size;
    for (; next < rows.length && rows[next]! < end; next++)
      yield { values, at: (rows[next]! - first) * size };
  }
}
