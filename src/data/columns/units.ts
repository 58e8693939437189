import { failure } from '../../errors.ts';
import type { TextTable } from '../formats/text/contract.ts';
import type { KindChoices, KnownKind } from './kinds.ts';
import { areOtherUnits, isKnownUnit, splitName } from './unit-names.ts';

/** The error for a column in another unit than that which is known of it. */
export const otherUnit = (name: string, where: string, got: string, known: string) =>
  failure(`the column "${name}" is in another unit`, {
    where,
    got,
    expected: known,
    remedy: `Convert the column to ${known}. If it is in ${known} already, write that unit, or none`,
  });

/**
 * The unit behind the name of a column, `m` in `height_m`, if it is another than the known one. Such a short
 * word may be no unit by itself, so it is read only where a column is looked for.
 */
export function shortUnit(name: string, base: string, known: string | undefined): string | undefined {
  const rest = name.startsWith(base) ? name.slice(base.length) : '';
  const [, unit] = /^[\s_]+(\S+)$/.exec(rest) ?? [];
  return unit !== undefined && isKnownUnit(unit) && areOtherUnits(unit, known) ? unit : undefined;
}

/**
 * The table with the names that complete kinds have: a column whose name differs only in the unit that it
 * ends in, `weight` for `weight [kg]`, is that column.
 * @throws failure for one in another unit, `weight [lb]`
 */
export function inKnownUnits(table: TextTable, kinds: KindChoices): TextTable {
  const isKnown = (name: string) => typeof kinds[name] === 'object';
  const missing = Object.keys(kinds).filter(name => isKnown(name) && !table.names.includes(name));
  if (missing.length === 0) return table;
  const names = [...table.names];
  const places = new Map<string, number[]>();
  for (const [at, name] of names.entries()) {
    if (isKnown(name)) continue;
    const { base } = splitName(name);
    places.set(base, [...(places.get(base) ?? []), at]);
  }
  for (const name of missing) {
    const { base, unit } = splitName(name);
    const known = (kinds[name] as KnownKind).unit ?? unit;
    const short = table.names.find(other => shortUnit(other, base, known) !== undefined);
    if (short !== undefined && !places.has(base))
      throw otherUnit(name, `${table.where}, column "${short}"`, shortUnit(short, base, known)!, known!);
    const [at, ...others] = places.get(base) ?? [];
    if (known === undefined || at === undefined || others.length > 0) continue;
    const own = splitName(names[at]!).unit;
    if (own !== undefined && areOtherUnits(own, known))
      throw otherUnit(name, `${table.where}, column "${names[at]}"`, own, known);
    names[at] = name;
  }
  return { ...table, names };
}
