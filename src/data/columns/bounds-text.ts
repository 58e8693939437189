import { usage } from '../../errors.ts';
import { parse } from '../csv.ts';
import type { ColumnBounds } from './bounds.ts';

const CLAUSE = /^(.+?)\s*(>=|<=)\s*([^<>=]+)$/s;

/**
 * Reads `rain>=0,share>=0,share<=1,day>=2020-01-01`: a line of CSV, so a name with a comma is in quotes
 * together with its bound.
 * @throws usage for an entry that is no bound
 */
export function parseBounds(text: string): ColumnBounds {
  const entries = parse(text, { trim: true, relax_quotes: true, relax_column_count: true }).flat();
  const bounds: Record<string, { low?: string; high?: string }> = {};
  for (const entry of entries.filter(entry => entry !== '')) {
    const [, name, sign, end] = CLAUSE.exec(entry) ?? [];
    if (!name || !end)
      throw usage('This is no bound of a column', {
        where: 'bounds',
        got: entry,
        expected: 'COLUMN>=NUMBER or COLUMN<=NUMBER',
      });
    bounds[name] = { ...bounds[name], [sign === '>=' ? 'low' : 'high']: end.trim() };
  }
  return bounds;
}
