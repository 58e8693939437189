/** Rows of `[n, D]` in which the same values are missing. */
export interface Pattern {
  /** 1 for each coordinate that is missing, `[D]`. */
  readonly missing: Uint8Array;
  /** The places of the rows, in rising order. */
  readonly rows: readonly number[];
}

/** The rows by what is missing in them (NaN): one Cholesky factor serves all rows of a pattern. */
export function patternsOf(rows: Float64Array, size: number): Pattern[] {
  const count = rows.length / size;
  if (!rows.some(Number.isNaN))
    return [{ missing: new Uint8Array(size), rows: Array.from({ length: count }, (_, i) => i) }];
  const patterns = new Map<string, { missing: Uint8Array; rows: number[] }>();
  for (let row = 0; row < count; row++) {
    const missing = new Uint8Array(size);
    for (let d = 0; d < size; d++) missing[d] = Number.isNaN(rows[row * size + d]) ? 1 : 0;
    const name = missing.join('');
    const pattern = patterns.get(name) ?? { missing, rows: [] };
    pattern.rows.push(row);
    patterns.set(name, pattern);
  }
  return [...patterns.values()];
}
