import { CsvError, parse } from 'csv-parse/sync';
import { failure } from '../../errors.ts';
import { type ColumnChoice, chooseColumns } from '../columns.ts';
import { labelCollector } from '../labels.ts';
import type { Table } from '../table.ts';
import { checkHeader } from './csv-header.ts';
import { type Cell, readCell } from './numeric-cell.ts';

export interface CsvOptions extends ColumnChoice {
  /** default `,` */
  readonly delimiter?: string;
  /** The column of classes, numbers or text; it is no column of the data. */
  readonly labels?: string;
}

/**
 * Reads a table with a header line (RFC 4180; a byte order mark, CRLF and quoted fields are understood).
 *
 * Without a choice of columns every column that holds numbers is used; one that holds nothing but text is left out and
 * noted. A column that mixes numbers with anything else is refused, never silently dropped.
 * @throws failure with row (the first after the header is 1), line and column: ragged rows, text among numbers, missing values,
 *   NaN and infinities; also for an empty file, a header alone, names that are empty or twice there, broken quotes
 */
export function readCsv(bytes: Uint8Array, where: string, options: CsvOptions = {}): Table {
  let sheet: Sheet | undefined;
  const take = (record: string[], { lines }: { lines: number }) => {
    if (sheet) sheet.add(record, lines);
    else sheet = openSheet(record, where, options);
    return null;
  };
  try {
    parse(bytes, {
      bom: true,
      delimiter: options.delimiter ?? ',',
      relax_column_count: true,
      on_record: take,
    });
  } catch (error) {
    if (!(error instanceof CsvError)) throw error;
    throw failure('not well-formed CSV', { where, got: error.message });
  }
  if (!sheet) throw failure('the file is empty', { where, expected: 'a header line and rows of numbers' });
  return sheet.close();
}

/** What is known of a column so far: whether it held a number, whether text, and its first cell that was no number. */
interface Column {
  readonly name: string;
  readonly position: number;
  numbers: boolean;
  text: boolean;
  bad?: { readonly cell: Cell & { kind: 'bad' }; readonly place: string };
}

interface Sheet {
  add(record: readonly string[], line: number): void;
  close(): Table;
}

/** Gathers rows one at a time, so that the text of a large file is never held as cells. */
function openSheet(first: readonly string[], where: string, options: CsvOptions): Sheet {
  const header = checkHeader(first, where, options.delimiter ?? ',');
  const { exclude = [], labels: labelColumn } = options;
  const without = labelColumn === undefined ? exclude : [...exclude, labelColumn];
  const { positions, named } = chooseColumns({ ...options, exclude: without }, header, where);
  const labels = labelColumn === undefined ? undefined : labelCollector(labelColumn, where);
  const labelAt = header.indexOf(labelColumn ?? '');
  const columns: Column[] = positions.map(at => ({
    name: header[at]!,
    position: at,
    numbers: named,
    text: false,
  }));
  let values = new Float64Array(1024 * columns.length);
  let rows = 0;
  let blankLine = 0;
  const add = (record: readonly string[], line: number) => {
    if (record.length === 1 && record[0]!.trim() === '' && header.length > 1) return;
    if (blankLine > 0)
      throw failure('an empty line among the rows', { where: `${where}, line ${blankLine}` });
    if (record.length === 1 && record[0] === '') {
      blankLine = line;
      return;
    }
    rows++;
    if (record.length !== header.length)
      throw failure('a ragged row', {
        where: `${where}, row ${rows} (line ${line})`,
        got: `${record.length} fields`,
        expected: `${header.length}, as in the header`,
      });
    if (rows * columns.length > values.length) values = grown(values);
    const place = `row ${rows} (line ${line})`;
    columns.forEach((column, i) => {
      values[(rows - 1) * columns.length + i] = take(column, record[column.position]!, place, where);
    });
    labels?.add(record[labelAt]!, place);
  };
  const closed = () => {
    const table = close(columns, values, rows, where);
    return labels ? { ...table, labels: labels.close() } : table;
  };
  return { add, close: closed };
}

function grown(values: Float64Array<ArrayBuffer>) {
  const larger = new Float64Array(values.length * 2);
  larger.set(values);
  return larger;
}

function take(column: Column, text: string, place: string, where: string): number {
  const cell = readCell(text);
  if (cell.kind === 'number') column.numbers = true;
  else {
    column.bad ??= { cell, place };
    column.text ||= cell.text;
  }
  if (column.numbers && column.bad) throw refused(column, where);
  return cell.kind === 'number' ? cell.value : Number.NaN;
}

function refused({ name, bad }: Column, where: string) {
  return failure(bad!.cell.what, {
    where: `${where}, ${bad!.place}, column "${name}"`,
    got: bad!.cell.got,
    expected: 'a finite number',
    remedy: `Mend the row, or leave the column out with --exclude ${name}.`,
  });
}

function close(columns: readonly Column[], values: Float64Array, rows: number, where: string): Table {
  if (rows === 0) throw failure('a header but no rows', { where });
  const hollow = columns.find(column => !column.numbers && !column.text);
  if (hollow) throw refused(hollow, where);
  const kept = [...columns.keys()].filter(i => columns[i]!.numbers);
  if (kept.length === 0)
    throw failure('no column holds numbers', { where, got: columns.map(c => c.name).join(', ') });
  const packed = new Float64Array(rows * kept.length);
  for (let row = 0; row < rows; row++)
    kept.forEach((i, d) => {
      packed[row * kept.length + d] = values[row * columns.length + i]!;
    });
  const left = columns.filter(column => !column.numbers).map(column => `"${column.name}"`);
  return {
    where,
    values: packed,
    count: rows,
    shape: [kept.length],
    columns: kept.map(i => columns[i]!.name),
    notes: left.length > 0 ? [`left out, as they hold text: ${left.join(', ')}`] : [],
  };
}
