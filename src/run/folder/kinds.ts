import type { ColumnKind } from '../../data/index.ts';
import type { ModelConfig } from './config.ts';

/**
 * The kinds of a run's columns by name, as data are opened again with them. Columns without names are x1, x2,
 * … as in an array.
 */
export const kindsByName = ({
  columns,
  kinds = [],
}: ModelConfig['data']): Readonly<Record<string, ColumnKind>> =>
  Object.fromEntries(kinds.map((kind, d) => [columns?.[d] ?? `x${d + 1}`, kind]));
