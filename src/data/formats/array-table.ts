import { failure } from '../../errors.ts';
import type { FileArray } from '../../files/index.ts';
import type { Table } from '../table.ts';

/** An array as a table: its first axis is the rows. @throws failure for a single number */
export function arrayTable({ data, shape }: FileArray, where: string): Table {
  const [count, ...rest] = shape;
  if (count === undefined) throw failure('a single number, not rows', { where });
  return { where, values: data, count, shape: rest.length > 0 ? rest : [1] };
}
