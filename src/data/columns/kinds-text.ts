import { unknownName, usage } from '../../errors.ts';
import { parse } from '../csv.ts';
import { type KindName, kindNames } from './kinds.ts';

const CHOICES = [...kindNames, 'ignore'] as const;

/**
 * Reads `age=number,zip=category,when=date,id=ignore`. It is a line of CSV, so a name with a comma is in
 * quotes together with its kind. A range `p0..p9=grid` means all its columns. The columns are checked when
 * the table is read.
 * @throws usage for an entry without a kind, and for an unknown kind; the error suggests the nearest one
 */
export function parseKinds(text: string): Readonly<Record<string, KindName | 'ignore'>> {
  const entries = parse(text, { trim: true, relax_quotes: true, relax_column_count: true }).flat();
  return Object.fromEntries(entries.filter(entry => entry !== '').map(choiceOf));
}

function choiceOf(entry: string): readonly [string, KindName | 'ignore'] {
  const at = entry.lastIndexOf('=');
  const [name, kind] = [entry.slice(0, at).trim(), entry.slice(at + 1).trim()];
  if (at < 0 || name === '')
    throw usage('A kind without a column', { got: entry, expected: `COLUMN=KIND: ${CHOICES.join(', ')}` });
  const choice = CHOICES.find(name => name === kind);
  if (!choice) throw unknownName('kind of column', kind, CHOICES);
  return [name, choice];
}
