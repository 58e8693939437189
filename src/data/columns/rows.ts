import type { CellColumn } from './numbers.ts';

/** The rows, in rising order, in which all columns have numbers. */
export function soundRows(
  columns: readonly CellColumn[],
  count: number,
  spoilt: readonly number[] = [],
): Uint32Array {
  const bad = new Uint8Array(count);
  for (const row of spoilt) bad[row] = 1;
  for (const { values, numbers } of columns)
    for (let row = 0; numbers < count && row < count; row++) if (Number.isNaN(values[row])) bad[row] = 1;
  return Uint32Array.from([...bad.keys()].filter(row => bad[row] === 0));
}
