import { usage } from '../errors.ts';
import { type HostTensor, sizeOf } from '../tensor/types.ts';

/** Rows of samples, flattened: `[n, width]`. */
export interface Table {
  readonly data: Float32Array | Float64Array;
  readonly rows: number;
  readonly width: number;
  /** The class of each row, if rows have classes. */
  readonly classes?: ArrayLike<number>;
}

/** Reads `[n, ...D]` as n rows of width ∏D; `[n]` as n rows of one value. */
export function asTable({ data, shape }: HostTensor, where: string): Table {
  const [rows = 0, ...item] = shape;
  const width = sizeOf(item);
  if (rows < 1 || width < 1 || rows * width !== data.length) {
    throw usage('The points do not fill their shape', {
      where,
      got: `${data.length} values for shape [${shape.join(', ')}]`,
      expected: 'shape [n, ...D] with n ≥ 1, and n·∏D values',
    });
  }
  return { data, rows, width };
}

/** At most `limit` rows at equal distances, so that ordered data is thinned evenly. */
export function thin(table: Table, limit: number): Table {
  const { data, rows, width, classes } = table;
  if (rows <= limit) return table;
  const values = new Float64Array(limit * width);
  const labels = new Int32Array(classes ? limit : 0);
  for (let i = 0; i < limit; i++) {
    const row = Math.floor((i * rows) / limit);
    values.set(data.subarray(row * width, (row + 1) * width), i * width);
    if (classes) labels[i] = classes[row]!;
  }
  return { data: values, rows: limit, width, ...(classes && { classes: labels }) };
}

/** Column j in float64. */
export function column({ data, rows, width }: Table, j: number): Float64Array {
  return Float64Array.from({ length: rows }, (_, i) => data[i * width + j]!);
}
