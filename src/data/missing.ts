import type { Numbers, Table } from './table.ts';
import type { Transform } from './units/contract.ts';

/** Whether rows with missing values can be served: a transform of a table, or a table of kinds. */
export const takesMissing = (table: Table<Numbers>, transform?: Transform): boolean =>
  transform ? transform.kind === 'table' : table.kinds !== undefined && inMemory(table) !== undefined;

/** The values of a table that is not read on demand. */
const inMemory = ({ values }: Table<Numbers>): Float32Array | Float64Array | undefined =>
  values instanceof Float64Array || values instanceof Float32Array ? values : undefined;

/** Whether some cells of a table of kinds are missing. */
export const hasMissing = (table: Table<Numbers>): boolean =>
  table.kinds !== undefined && (inMemory(table)?.some(Number.isNaN) ?? false);
