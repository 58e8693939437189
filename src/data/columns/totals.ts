import type { TextTable } from '../formats/text/contract.ts';
import { readNumbers } from './numbers.ts';
import { numberStyles } from './styles.ts';

/** Words in the first cell of a row of sums. */
const TOTAL = /^((grand|sub)[\s-]?)?(totals?|sum|all|overall|gesamt|summe|insgesamt)(\s*:)?$/i;
/** Rows above it, at least. */
const FEW = 3;
/** Part of a sum by which it may differ, by rounding of what was added. */
const NEAR = 1e-6;

/**
 * The table without a last row of sums: its first cell says so, and one of its numbers is the sum of those
 * above. A remark tells it.
 */
export function withoutTotals(table: TextTable): TextTable {
  const last = table.count - 1;
  if (last < FEW) return table;
  const word = table.column(0)[last]!;
  if (!TOTAL.test(word) || !table.names.some((_, at) => at > 0 && isSum(table, at, last))) return table;
  return {
    ...table,
    count: last,
    column: at => table.column(at).slice(0, last),
    remarks: [...table.remarks, `left out: the last row, "${word}", whose numbers are sums of their columns`],
  };
}

/** Whether the last number of a column is the sum of the others. */
function isSum(table: TextTable, at: number, last: number): boolean {
  const { values } = readNumbers(table.names[at]!, table.column(at), numberStyles(table.dialect.decimal));
  const above = values.subarray(0, last).filter(value => !Number.isNaN(value));
  const sum = above.reduce((total, value) => total + value, 0);
  const size = above.reduce((total, value) => total + Math.abs(value), 0);
  return above.length >= FEW && values[last] !== 0 && Math.abs(values[last]! - sum) <= NEAR * size;
}
