import type { CategoryKind } from './kinds.ts';

const NUMBER = /^[+-]?(\d+\.?\d*|\.\d+)(e[+-]?\d+)?$/i;

/** A number with a unit behind it or a sign of money before it. */
const AMOUNT = /^(?<before>[$€£¥₹]?)(?<size>[+-]?(?:\d+\.?\d*|\.\d+))(?<after>\s*[\p{L}%°/²³]*)$/u;

/** The numbers in names that are all numbers, bare or with one unit; undefined for other names. */
export function amountsOf(names: readonly string[]): ReadonlyMap<string, number> | undefined {
  if (names.every(name => NUMBER.test(name))) return new Map(names.map(name => [name, Number(name)]));
  const found = names.map(name => AMOUNT.exec(name)?.groups);
  const unitOf = (one: (typeof found)[number]) => one && `${one.before} ${one.after!.trim()}`;
  const isOne = found.every(one => one !== undefined && unitOf(one) === unitOf(found[0]));
  return isOne ? new Map(names.map((name, i) => [name, Number(found[i]!.size)])) : undefined;
}

/** Names in a stable order: as numbers if all are numbers, also of one unit; else by their characters. */
export function inOrder(names: readonly string[]): string[] {
  const amounts = amountsOf(names);
  if (!amounts) return names.toSorted();
  return names.toSorted((a, b) => amounts.get(a)! - amounts.get(b)! || (a < b ? -1 : 1));
}

/** The number of cells with each text; undefined for more than `most` different texts. */
export function countNames(cells: Iterable<string>, most: number): Map<string, number> | undefined {
  const counts = new Map<string, number>();
  for (const cell of cells) {
    counts.set(cell, (counts.get(cell) ?? 0) + 1);
    if (counts.size > most) return undefined;
  }
  return counts;
}

/** From this number of names on, rare ones share a class. */
export const MANY = 20;
/** A rare name has fewer rows than this, or is not among the `MOST_NAMES` most frequent ones. */
const RARE = 3;
const MOST_NAMES = 64;

/** All names, each as a class of its own. */
export function wholeCategory(counts: ReadonlyMap<string, number>): CategoryKind {
  const names = inOrder([...counts.keys()]);
  return { kind: 'category', names, counts: names.map(name => counts.get(name)!) };
}

/** The names; if there are many, rare ones become one class `other`, which comes last. */
export function fittedCategory(counts: ReadonlyMap<string, number>): CategoryKind {
  if (counts.size <= MANY) return wholeCategory(counts);
  const common = [...counts].sort((a, b) => b[1] - a[1] || (a[0] < b[0] ? -1 : 1)).slice(0, MOST_NAMES);
  const frequent = new Map(common.filter(([, count]) => count >= RARE));
  if (counts.size - frequent.size < 2) return wholeCategory(counts);
  const names = inOrder([...frequent.keys()]);
  const rest = [...counts].reduce((sum, [name, count]) => sum + (frequent.has(name) ? 0 : count), 0);
  return {
    kind: 'category',
    names: [...names, freeName('other', frequent)],
    counts: [...names.map(name => frequent.get(name)!), rest],
    other: true,
  };
}

const freeName = (name: string, taken: ReadonlyMap<string, number>): string =>
  taken.has(name) ? freeName(`${name}_`, taken) : name;
