import type { NumberColumn } from '../numbers.ts';

/** Numbers that stand for no value in many files: 99, 999, 99.9, … and their negatives. */
const SENTINEL = /^-?99+(\.9+)?$/;
/** Rows that have one, and other rows, at least. */
const [COUNT, OTHERS] = [2, 10];

/**
 * Values of a column that stand for no value, such as −999: only nines, in two rows or more, and farther from
 * all other values than these are from one another.
 */
export function sentinelsOf(values: Float64Array): readonly number[] {
  const found: number[] = [];
  let rest = values.filter(value => !Number.isNaN(value)).sort();
  for (;;) {
    const end = [rest[0], rest.at(-1)].find(value => value !== undefined && isSentinel(value, rest));
    if (end === undefined) return found;
    found.push(end);
    rest = rest.filter(value => value !== end);
  }
}

/** Whether the end of rising values stands for none. */
function isSentinel(end: number, values: Float64Array): boolean {
  if (!SENTINEL.test(String(end))) return false;
  const others = values.filter(value => value !== end);
  if (others.length < OTHERS || values.length - others.length < COUNT) return false;
  const [least, greatest] = [others[0]!, others.at(-1)!];
  return Math.max(least - end, end - greatest) > greatest - least;
}

/** The column without values at which it says `sentinels`: these cells are missing. */
export function withoutValues(column: NumberColumn, sentinels: readonly number[]): NumberColumn {
  if (sentinels.length === 0) return column;
  const values = column.values.map(value => (sentinels.includes(value) ? Number.NaN : value));
  const taken = column.numbers - values.reduce((sum, value) => sum + (Number.isNaN(value) ? 0 : 1), 0);
  return {
    ...column,
    values,
    numbers: column.numbers - taken,
    faults: { ...column.faults, missing: column.faults.missing + taken },
  };
}
