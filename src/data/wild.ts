import { type Numbers, type Table, valueNames, width } from './table.ts';

/** A value this many times the width of the middle half away from the median is wild. */
const FAR = 50;
/** Most wild values of a column, as a share of its rows: more are a heavy tail. */
const FEW = 0.005;

/** The wild values of one column. */
interface WildColumn {
  readonly name: string;
  /** The farthest value, and its row in the file, from 1. */
  readonly value: number;
  readonly row: number;
  readonly count: number;
}

/**
 * A remark on the columns of numbers in which a few values lie far from all others: |x − median| above 50
 * times the interquartile range. The scale of such a column comes from its other rows.
 */
export function wildRemarks(table: Table<Numbers>, rows: Uint32Array): string[] {
  const places = [...Array(width(table)).keys()].filter(
    d => !['category', 'yes-no', 'date'].includes(table.kinds?.[d]?.kind ?? 'number'),
  );
  const columns = places.flatMap(d => wildColumn(table, rows, d) ?? []);
  if (columns.length === 0) return [];
  const shown = columns
    .slice(0, 4)
    .map(
      ({ name, value, row, count }) =>
        `"${name}" ${value} (row ${row}${count > 1 ? `, and ${count - 1} more` : ''})`,
    );
  const more = columns.length > 4 ? `, and ${columns.length - 4} more columns` : '';
  return [`far from the rest of their column: ${shown.join(', ')}${more}. Mend the file if they are slips`];
}

function wildColumn(table: Table<Numbers>, rows: Uint32Array, d: number): WildColumn | undefined {
  const size = width(table);
  const at = (row: number) => table.values.subarray(row * size + d, row * size + d + 1)[0]!;
  const values = Float64Array.from({ length: rows.length }, (_, i) => at(rows[i]!)).filter(
    value => !Number.isNaN(value),
  );
  if (values.length < 20) return undefined;
  values.sort();
  const quantile = (share: number) => values[Math.round(share * (values.length - 1))]!;
  const [low, median, high] = [quantile(0.25), quantile(0.5), quantile(0.75)];
  const limit = FAR * (high - low);
  if (!(limit > 0)) return undefined;
  const wild = [...rows].filter(row => Math.abs(at(row) - median) > limit);
  if (wild.length === 0 || wild.length > Math.max(1, FEW * values.length)) return undefined;
  const farthest = wild.reduce((most, row) =>
    Math.abs(at(row) - median) > Math.abs(at(most) - median) ? row : most,
  );
  return {
    name: valueNames(table)[d]!,
    value: at(farthest),
    row: (table.rows?.[farthest] ?? farthest) + 1,
    count: wild.length,
  };
}
