import type { Part } from '../../../measure/contract.ts';
import { type ExactRows, exactRows } from '../../../measure/observe.ts';
import { sizeOf } from '../../../tensor/index.ts';
import type { ModelConfig } from '../../folder/config.ts';
import { toData } from '../units.ts';

/** Sweeps over the rows, for rows that are not orthogonal. */
const SWEEPS = 50;

/**
 * Samples z in model units that answer a question, in data units: with its exact values and its words.
 * Without that a point near the border of two words would settle on the other one.
 */
export function toAnswer(
  config: ModelConfig,
  z: ArrayLike<number>,
  parts: readonly Part[],
  rounded: boolean,
): Float64Array {
  const size = sizeOf(config.data.shape);
  const x = project(toData(config, z, rounded), exactRows(parts), size);
  for (const part of parts)
    if (part.kind === 'word') for (let at = part.cell; at < x.length; at += size) x[at] = part.word;
  return x;
}

/**
 * Rows x [n, D] in the units of the data, in place, moved to the nearest that have the exact values: sampling
 * in float32 leaves 1e-4 of them. Kaczmarz's projections, one row of A after another.
 */
function project(x: Float64Array, { matrix, value }: ExactRows, size: number): Float64Array {
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
