import { failure } from '../../../errors.ts';
import { utf8Bytes } from '../../../files/index.ts';
import { type CellStore, cellStore } from './cells.ts';
import type { TextOptions, TextTable } from './contract.ts';
import { delimiterOf, sampleRecords, sniffDelimiter } from './delimiter.ts';
import { toUtf8 } from './encoding.ts';
import { type Heading, readHeading } from './header.ts';
import { TEXT_LIMITS } from './limits.ts';
import { columnNames } from './names.ts';
import { decimalWatch } from './numerals.ts';
import { readPreamble, withoutEmptyEnd } from './preamble.ts';
import { eachRecord } from './records.ts';
import { remarks } from './remarks.ts';
import { isTitle, withoutTitles } from './titles.ts';

/**
 * Reads a text table: CSV (RFC 4180), or fields separated by semicolons, tabs, pipes or blanks, in any
 * encoding, with or without a header. It skips empty lines at the beginning, comments that begin with `#`, an
 * unnamed first column (row numbers), and titles and notes: lines of one text above and below a table of
 * three columns or more. `usual` is the delimiter that the file's name suggests.
 * @throws failure for an empty file, a header alone, ragged rows, repeated names, quotes that do not match,
 *   and a table beyond `TEXT_LIMITS`; usage for invalid options
 */
export function readTextTable(
  source: Uint8Array,
  where: string,
  options: TextOptions = {},
  usual = ',',
): TextTable {
  const { bytes, encoding, guessed } = toUtf8(source, where, options.encoding);
  if (bytes.length > TEXT_LIMITS.bytes)
    throw failure('the file is too large', {
      where,
      got: `${bytes.length} bytes`,
      expected: `at most ${TEXT_LIMITS.bytes}`,
    });
  const preamble = readPreamble(bytes);
  const whole = withoutEmptyEnd(bytes.subarray(preamble.end));
  if (whole.length === 0)
    throw failure('the file is empty', { where, expected: 'a header line and rows of numbers' });
  const explicit = options.delimiter === undefined ? preamble.delimiter : delimiterOf(options.delimiter);
  const delimiter = explicit ?? sniffDelimiter(whole, usual) ?? usual;
  const sample = sampleRecords(whole, delimiter) ?? [];
  const { body, lines, titles } = withoutTitles(whole, delimiter);
  const comment = sampleRecords(utf8Bytes(preamble.comments.at(-1) ?? ''), delimiter)?.[0] ?? [];
  const records = titles > 0 ? (sampleRecords(body, delimiter) ?? []) : sample;
  const heading = readHeading(records, comment, options.header);
  const rows = readRows(body, where, heading, { delimiter, before: preamble.lines + lines });
  const decimal = options.decimal ?? rows.decimal.mark(delimiter);
  const { names, kept, index } = columnNames(heading.names, rows.cells, where);
  const dialect = { delimiter, decimal, header: heading.header, encoding };
  return Object.freeze({
    where,
    names,
    count: rows.cells.count,
    dialect,
    remarks: remarks(
      { ...dialect, names },
      { usual, options, guessed, index, comments: preamble.comments.length, titles, notes: rows.notes },
    ),
    column: (at: number) => rows.cells.column(kept[at]!),
    place: (row: number) => placeOf(rows.cells, row),
  });
}

const placeOf = (cells: CellStore, row: number) => `row ${row + 1} (line ${cells.line(row)})`;

/** Collects the rows below the header, and evidence of the decimal mark. */
function readRows(
  body: Uint8Array,
  where: string,
  heading: Heading,
  { delimiter, before }: { readonly delimiter: string; readonly before: number },
) {
  let width = heading.names.length;
  let [first, passed] = [true, 0];
  let cells: CellStore | undefined;
  // Lines of one text below the last row are notes; between rows they are ragged.
  let notes: { readonly line: number }[] = [];
  const decimal = decimalWatch();
  const ragged = raggedRows(where, heading.header);
  eachRecord(body, where, { delimiter }, ({ fields, line, empty }) => {
    const missed = empty - passed;
    passed = empty;
    const header = first && heading.header;
    if (first) {
      width ||= fields.length;
      cells = cellStore(checkWidth(Math.max(width, 1), where), where);
    }
    first = false;
    if (header) return;
    // In a one-column table an empty line is a missing cell. Elsewhere it means nothing.
    if (width === 1 && cells!.count > 0) for (let i = missed; i > 0; i--) cells!.add([''], before + line - i);
    if (width > 1 && fields.length === 1 && fields[0]!.trim() === '') return;
    if (width > 2 && fields.length === 1 && isTitle(fields)) {
      notes.push({ line: before + line });
      return;
    }
    for (const note of notes) ragged.add(cells!.count, note.line, 1, width);
    notes = [];
    if (fields.length !== width) {
      ragged.add(cells!.count, before + line, fields.length, width);
      return;
    }
    for (const field of fields) decimal.see(field);
    cells!.add(fields, before + line);
  });
  ragged.check();
  if (!cells || cells.count === 0) throw failure('a header but no rows', { where });
  return { cells, decimal, notes: notes.length };
}

function checkWidth(width: number, where: string): number {
  if (width <= TEXT_LIMITS.columns) return width;
  throw failure('too many columns', { where, got: width, expected: `at most ${TEXT_LIMITS.columns}` });
}

/** Counts the rows with too few or too many fields, and reports them in one error. */
function raggedRows(where: string, header: boolean) {
  let count = 0;
  let first: { row: number; line: number; fields: number; width: number } | undefined;
  return {
    add: (rows: number, line: number, fields: number, width: number): void => {
      first ??= { row: rows + 1, line, fields, width };
      count++;
    },
    check: (): void => {
      if (!first) return;
      throw failure(count === 1 ? 'a ragged row' : `a ragged row, the first of ${count}`, {
        where: `${where}, row ${first.row} (line ${first.line})`,
        got: `${first.fields} fields`,
        expected: `${first.width}, as in the ${header ? 'header' : 'first row'}`,
        remedy:
          first.fields > first.width
            ? 'Put cells that hold the delimiter in quotes'
            : 'Add the cells that the row lacks, empty ones too',
      });
    },
  };
}
