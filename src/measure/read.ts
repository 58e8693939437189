import type { LinearPart, Part } from './contract.ts';

/** The values of a linear part at one sample in the units of the data, without errors: A·x, [m]. */
export function readLinear(matrix: Float64Array, x: ArrayLike<number>): Float64Array {
  const size = x.length;
  const out = new Float64Array(matrix.length / size);
  for (let i = 0; i < out.length; i++) {
    let sum = 0;
    for (let d = 0; d < size; d++) sum += matrix[i * size + d]! * x[d]!;
    out[i] = sum;
  }
  return out;
}

/** A part with the values that another sample would give. Bounds stay the same. */
export function withValues(part: Part, value: Float64Array): Part {
  if (!('law' in part) || part.law.kind === 'between') return part;
  return { ...part, law: { ...part.law, value } };
}

/** The rows of a linear part of readings, each as a part. */
export function rowsOfPart(part: LinearPart): LinearPart[] {
  const { matrix, count, law } = part;
  if (count === 1 || law.kind !== 'normal') return [part];
  const size = matrix.length / count;
  return Array.from({ length: count }, (_, i) => ({
    ...part,
    count: 1,
    matrix: matrix.subarray(i * size, (i + 1) * size),
    law: { kind: 'normal', value: law.value.slice(i, i + 1), std: law.std.slice(i, i + 1) },
  }));
}
