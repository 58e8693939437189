import { usage } from '../../errors.ts';
import { parse } from '../csv.ts';
import type { ColumnBounds } from './bounds.ts';

const ONE = /^(?<name>.+?)\s*(?<sign>>=|<=)\s*(?<end>[^<>=]+)$/s;
/** `0<=rain<=30`, the same from its other end, and `hum in 20..80`. */
const BETWEEN = [
  /^(?<low>[^<>=]+?)\s*<=\s*(?<name>.+?)\s*<=\s*(?<high>[^<>=]+)$/s,
  /^(?<high>[^<>=]+?)\s*>=\s*(?<name>.+?)\s*>=\s*(?<low>[^<>=]+)$/s,
  /^(?<name>[^<>=]+?)\s+in\s+(?<low>[^<>=]+?)\s*\.\.\s*(?<high>[^<>=]+)$/s,
];

/** A name in quotes, and its bounds outside of them. */
const QUOTED = /([^,"]*[<>]=\s*)?"([^"]*)"\s*(>=|<=|in\b)\s*([^,"]*)/g;

/**
 * Reads `rain>=0,0<=share<=1,hum in 20..80,day>=2020-01-01`: a line of CSV. A name with a comma is in quotes,
 * alone or together with its bound. A comma between digits belongs to a number: `price<=$5,000`.
 * @throws usage for an entry that is no bound, and for two bounds of the same end
 */
export function parseBounds(text: string): ColumnBounds {
  const entries = parse(text.replace(QUOTED, '"$1$2 $3 $4"'), {
    trim: true,
    relax_quotes: true,
    relax_column_count: true,
  }).flat();
  const bounds: Record<string, { low?: string; high?: string }> = {};
  for (const entry of joined(entries).filter(entry => entry !== '')) {
    const [name, ends] = boundOf(entry);
    for (const [side, end] of Object.entries(ends) as ['low' | 'high', string][]) {
      if (bounds[name]?.[side] !== undefined)
        throw usage('A column has one bound at each end', { where: 'bounds', got: text });
      bounds[name] = { ...bounds[name], [side]: end.trim() };
    }
  }
  return bounds;
}

function boundOf(entry: string): readonly [name: string, ends: { low?: string; high?: string }] {
  for (const form of BETWEEN) {
    const { name, low, high } = form.exec(entry)?.groups ?? {};
    if (name && low && high) return [name, { low, high }];
  }
  const { name, sign, end } = ONE.exec(entry)?.groups ?? {};
  if (name && end) return [name, sign === '>=' ? { low: end } : { high: end }];
  throw usage('This is no bound of a column', {
    where: 'bounds',
    got: entry,
    expected: 'COLUMN>=VALUE, COLUMN<=VALUE, VALUE<=COLUMN<=VALUE, or COLUMN in VALUE..VALUE',
  });
}

const isClause = (entry: string) => /[<>=]|\sin\s/.test(entry);

/** Entries of which a comma has cut a number in two, in one piece. */
function joined(entries: readonly string[]): string[] {
  const all: string[] = [];
  for (const entry of entries) {
    const last = all.at(-1);
    const isCut = last !== undefined && /\d$/.test(last) && /^\d/.test(entry);
    if (isCut && !(isClause(last) && isClause(entry))) all[all.length - 1] = `${last},${entry}`;
    else all.push(entry);
  }
  return all;
}
