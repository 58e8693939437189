import { usage } from '../../errors.ts';
import { parse } from '../csv.ts';
import type { ColumnBounds } from './bounds.ts';

const CLAUSE = /^(.+?)\s*(>=|<=)\s*([^<>=]+)$/s;

/** A name in quotes, and its bound outside of them. */
const QUOTED = /"([^"]*)"\s*(>=|<=)\s*([^,"]*)/g;

/**
 * Reads `rain>=0,share>=0,share<=1,day>=2020-01-01`: a line of CSV. A name with a comma is in quotes, alone
 * or together with its bound.
 * @throws usage for an entry that is no bound, and for two bounds of the same end
 */
export function parseBounds(text: string): ColumnBounds {
  const entries = parse(text.replace(QUOTED, '"$1$2$3"'), {
    trim: true,
    relax_quotes: true,
    relax_column_count: true,
  }).flat();
  const bounds: Record<string, { low?: string; high?: string }> = {};
  for (const entry of entries.filter(entry => entry !== '')) {
    const [, name, sign, end] = CLAUSE.exec(entry) ?? [];
    if (!name || !end)
      throw usage('This is no bound of a column', {
        where: 'bounds',
        got: entry,
        expected: 'COLUMN>=NUMBER or COLUMN<=NUMBER',
      });
    const side = sign === '>=' ? 'low' : 'high';
    if (bounds[name]?.[side] !== undefined)
      throw usage('A column has one bound at each end', { where: 'bounds', got: text });
    bounds[name] = { ...bounds[name], [side]: end.trim() };
  }
  return bounds;
}
