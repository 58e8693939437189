import type { CellColumn } from './numbers.ts';

/** The rows, in rising order, in which all columns have numbers. */
export function soundRows(
  columns: readonly CellColumn[],
  count: number,
  spoilt: readonly number[] = [],
): Uint32Array {
  const isBad = new Uint8Array(count);
  for (const row of spoilt) isBad[row] = 1;
  for (const { values, numbers } of columns)
    for (let row = 0; numbers < count && row < count; row++) if (Number.isNaN(values[row])) isBad[row] = 1;
  return Uint32Array.from([...isBad.keys()].filter(row => isBad[row] === 0));
}
