import { failure, usage } from '../../errors.ts';
import { readCell } from './numeric-cell.ts';

/** The names of the columns, trimmed; refuses a first line that cannot be a header. Names 0, 1, 2 … are let through. */
export function checkHeader(record: readonly string[], where: string, delimiter: string): string[] {
  const header = record.map(name => name.trim());
  if (header.length === 1 && header[0] === '')
    throw failure('the file begins with an empty line', { where, expected: 'a header line' });
  const unnamed = header.indexOf('');
  if (unnamed >= 0)
    throw failure('a column without a name', { where: `${where}, header, column ${unnamed + 1}` });
  const twice = header.find((name, at) => header.indexOf(name) !== at);
  if (twice !== undefined) throw failure('a column name twice in the header', { where, got: twice });
  const counted = header.every((name, at) => name === String(at));
  if (!counted && header.every(name => readCell(name).kind === 'number'))
    throw failure('the first line holds numbers, not names', {
      where,
      got: header.join(delimiter),
      remedy: 'Add a header line.',
    });
  const other = [';', '\t', '|'].find(
    mark => mark !== delimiter && header.length === 1 && header[0]!.includes(mark),
  );
  if (other)
    throw usage('the columns seem to be parted by another mark', { where, got: other, expected: delimiter });
  return header;
}
