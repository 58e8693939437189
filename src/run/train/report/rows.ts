import type { Dataset } from '../../../data/index.ts';

/** Rows `[n, C]` in data units, NaN where a value is missing, and the numbers that key their draws, `[n]`. */
export interface KeyedRows {
  readonly values: Float64Array;
  readonly numbers: Uint32Array;
}

/** All rows of a data set. */
export function rowsOf(dataset: Dataset): KeyedRows {
  const { data, shape } = dataset.all!();
  const numbers = dataset.rows ?? Uint32Array.from({ length: shape[0]! }, (_, i) => i);
  return { values: Float64Array.from(data), numbers };
}

/** At most `most` of the rows, evenly spread. */
export function evenly(rows: KeyedRows, most: number): KeyedRows {
  const count = rows.numbers.length;
  if (count <= most) return rows;
  const width = rows.values.length / count;
  const places = Uint32Array.from({ length: most }, (_, i) => Math.floor((i * count) / most));
  const values = new Float64Array(most * width);
  places.forEach((row, i) => {
    values.set(rows.values.subarray(row * width, (row + 1) * width), i * width);
  });
  return { values, numbers: places.map(place => rows.numbers[place]!) };
}

/** The rows of one part and then those of another. */
export function joined(a: KeyedRows, b: KeyedRows): KeyedRows {
  const values = new Float64Array(a.values.length + b.values.length);
  const numbers = new Uint32Array(a.numbers.length + b.numbers.length);
  values.set(a.values);
  values.set(b.values, a.values.length);
  numbers.set(a.numbers);
  numbers.set(b.numbers, a.numbers.length);
  return { values, numbers };
}

/** The values of a column that are there. */
export const columnOf = (values: Float64Array, c: number, width: number): Float64Array =>
  values.filter((value, i) => i % width === c && !Number.isNaN(value));
