import { type KnownKind, writingOf } from '../../data/index.ts';
import type { ModelConfig } from './config.ts';

/**
 * The kinds of a run's columns by name, as data are opened again with them, with the units of numbers.
 * Columns without names are x1, x2, … as in an array.
 */
export function kindsByName({
  columns,
  kinds = [],
  layout,
}: ModelConfig['data']): Readonly<Record<string, KnownKind>> {
  const known = kinds.map((kind, d): readonly [string, KnownKind] => {
    const name = columns?.[d] ?? `x${d + 1}`;
    const isNumber = kind.kind === 'number' || kind.kind === 'grid';
    const unit = isNumber ? writingOf(layout, d, name).unit : undefined;
    return [name, { ...kind, ...(unit !== undefined && { unit }) }];
  });
  return Object.fromEntries(known);
}
