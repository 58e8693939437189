import type { ExactRows } from '../../../measure/observe.ts';

/** Sweeps over the rows, for rows that are not orthogonal. */
const SWEEPS = 50;

/**
 * Rows x [n, D] in the units of the data, in place, moved to the nearest that have the exact values: sampling
 * in float32 leaves 1e-4 of them. Kaczmarz's projections, one row of A after another.
 */
export function project(x: Float64Array, { matrix, value }: ExactRows, size: number): Float64Array {
  const rows = value.length;
  if (rows === 0) return x;
  const places = Array.from({ length: rows }, (_, i) =>
    Array.from({ length: size }, (_, d) => d).filter(d => matrix[i * size + d] !== 0),
  );
  const squares = places.map((own, i) => own.reduce((sum, d) => sum + matrix[i * size + d]! ** 2, 0));
  const single = places.every(own => own.length === 1);
  for (let at = 0; at < x.length; at += size)
    for (let sweep = 0; sweep < (single ? 1 : SWEEPS); sweep++)
      for (let i = 0; i < rows; i++) {
        const got = places[i]!.reduce((sum, d) => sum + matrix[i * size + d]! * x[at + d]!, 0);
        const move = (value[i]! - got) / squares[i]!;
        for (const d of places[i]!) x[at + d] = x[at + d]! + move * matrix[i * size + d]!;
      }
  return x;
}
