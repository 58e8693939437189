import { fillRademacher, type Key } from '../random/index.ts';

/**
 * Mirrors about half of the images `[rows.length, ...shape]`, in place. The key, row and visit decide which
 * ones.
 */
export function flipSome(
  x: Float64Array,
  rows: Uint32Array,
  shape: readonly number[],
  { seed, stream }: Key,
  visit: number,
): void {
  const width = shape.at(-1)!;
  const size = x.length / rows.length;
  const signs = new Float32Array(rows.length);
  fillRademacher(signs, { seed, stream: `${stream}/flips` }, { step: visit, samples: rows, size: 1 });
  signs.forEach((sign, i) => {
    if (sign > 0) return;
    for (let from = i * size; from < (i + 1) * size; from += width) x.subarray(from, from + width).reverse();
  });
}
