import { type Bounds, isShared } from './bounds.ts';
import { type Grid, watchGrid } from './grid.ts';

/**
 * Ends of a column that many rows share, as many days have exactly no rain. No density has such a point mass.
 * So a value at the end is spread evenly over a length beyond it, and a sample beyond the end is the end.
 */
export interface Atoms {
  /** The length below the least value; absent if few rows share it. */
  readonly low?: number | undefined;
  /** The length above the greatest value; absent if few rows share it. */
  readonly high?: number | undefined;
  /** The length over which one value has its probability, in densities: its step, or its last decimal. */
  readonly unit: number;
}

/** All points of an end that many rows share. */
export interface Atom {
  /** Where they begin; −∞ for the least value. */
  readonly low: number;
  /** Where they end; ∞ for the greatest value. */
  readonly high: number;
  /** The length over which one value has its probability, in densities. */
  readonly unit: number;
}

/** An end that many rows share, at which a row stands: what its coordinate is then known to be. */
export interface RowAtom {
  /** The coordinate. */
  readonly d: number;
  /** Its least value, −∞ at the lower end of the column. */
  readonly low: number;
  /** Its greatest value, ∞ at the upper end. */
  readonly high: number;
  /** log of the length over which the end has its probability, in the units of the data. */
  readonly logUnit: number;
}

/** Different values between the ends below which a column has no atoms: its steps say all. */
const FEW = 20;
/** A length in steps of the column that is worth more than the step itself. */
const STEPS = 3;

/**
 * The atoms of a column at its bounds. The length of each makes the density beyond the end as high as it is
 * over the nearest quarter of the other values.
 */
export function atomsOf(
  column: Float64Array,
  { low, high, grid }: Bounds & { readonly grid?: Grid | undefined },
): Atoms | undefined {
  const inner = column.filter(value => value !== low && value !== high).sort();
  if (new Set(inner).size <= FEW) return undefined;
  const lengthAt = (end: number | undefined, quarter: number) => {
    const count = column.reduce((sum, value) => sum + (value === end ? 1 : 0), 0);
    if (end === undefined || !isShared(count, column.length)) return undefined;
    const length = (4 * count * Math.abs(quarter - end)) / inner.length;
    return length > STEPS * (grid?.width ?? 0) ? length : undefined;
  };
  const lengths = {
    low: lengthAt(low, inner[Math.floor(inner.length / 4)]!),
    high: lengthAt(high, inner[Math.floor((3 * inner.length) / 4)]!),
  };
  const found = [lengths.low, lengths.high].filter(length => length !== undefined);
  if (found.length === 0) return undefined;
  return {
    ...(lengths.low !== undefined && { low: lengths.low }),
    ...(lengths.high !== undefined && { high: lengths.high }),
    unit: grid?.width ?? decimalOf(inner) ?? Math.min(...found),
  };
}

/** One in the last decimal of the values; undefined if they have too many decimals. */
function decimalOf(values: Float64Array): number | undefined {
  const watch = watchGrid();
  for (const value of values) watch.see(value);
  return watch.grid()?.width;
}
