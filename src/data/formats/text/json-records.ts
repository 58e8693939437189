import { failure, shortList } from '../../../errors.ts';
import { parseJson, utf8Text } from '../../../files/index.ts';
import type { Dialect, TextTable } from './contract.ts';
import { toUtf8 } from './encoding.ts';
import { TEXT_LIMITS } from './limits.ts';

/** Of JSON there is one. */
const DIALECT: Dialect = { delimiter: ',', decimal: '.', header: true, encoding: 'utf-8' };

type JsonRecord = Readonly<Record<string, unknown>>;

const isRecord = (value: unknown): value is JsonRecord =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

/** A table from JSON: an array of records. @throws failure for other JSON, and for no records */
export function readJsonTable(source: Uint8Array, where: string): TextTable {
  const text = utf8Text(toUtf8(source, where).bytes);
  const json = parseJson(withWholeDigits(text), where);
  if (!Array.isArray(json))
    throw failure('not a table', {
      where,
      got: isRecord(json) ? `an object with ${Object.keys(json).slice(0, 5).join(', ')}` : typeof json,
      expected: 'an array of records: [{"x": 1, "y": "a"}, …]',
      ...(isRecord(json) && remedyFor(json)),
    });
  return recordTable(json, where);
}

/** If a member of an object is a table: how to take it out. */
function remedyFor(json: JsonRecord): { remedy?: string } {
  const name = Object.keys(json).find(key => Array.isArray(json[key]) && json[key].some(isRecord));
  return name === undefined ? {} : { remedy: `Write the array "${name}" of it into a file of its own` };
}

/**
 * A table from records: its columns are the names that some record has.
 * @throws failure for no records, and for what is no record
 */
export const recordTable = (records: readonly unknown[], where: string): TextTable =>
  tableOf(records, where, row => `record ${row + 1}`);

/** A table from JSON lines: one record a line. @throws failure as `readJsonTable`, with the line */
export function readJsonLines(source: Uint8Array, where: string): TextTable {
  const lines = utf8Text(toUtf8(source, where).bytes)
    .split(/\r?\n/)
    .map((text, i) => ({ text, line: i + 1 }))
    .filter(({ text }) => text.trim() !== '');
  const records = lines.map(({ text, line }) => parseJson(withWholeDigits(text), `${where}, line ${line}`));
  return tableOf(records, where, row => `row ${row + 1} (line ${lines[row]!.line})`);
}

function tableOf(records: readonly unknown[], where: string, place: (row: number) => string): TextTable {
  if (records.length === 0) throw failure('no records', { where });
  const names = new Map<string, number>();
  const paths = new Map<string, readonly string[]>();
  const columns: string[][] = [];
  for (const [row, record] of records.entries()) {
    if (!isRecord(record))
      throw failure('not a record', {
        where: `${where}, ${place(row)}`,
        got: JSON.stringify(record).slice(0, 80),
        expected: '{"x": 1, "y": "a"}',
      });
    for (const [path, cell] of cellsOf(record)) {
      const name = path.join('.');
      if (!names.has(name)) {
        if (path.length > 1) paths.set(name, path);
        names.set(name, columns.length);
        columns.push(new Array<string>(records.length).fill(''));
      }
      columns[names.get(name)!]![row] = cell;
    }
    checkSize(columns.length, records.length, where);
  }
  if (columns.length === 0) throw failure('records without values', { where });
  return Object.freeze({
    where,
    names: [...names.keys()],
    count: records.length,
    dialect: DIALECT,
    ...(paths.size > 0 && { paths }),
    remarks: paths.size > 0 ? [`records within records, as columns: ${shortList([...paths.keys()])}`] : [],
    column: (at: number) => columns[at]!,
    place,
  });
}

function checkSize(columns: number, rows: number, where: string): void {
  if (columns <= TEXT_LIMITS.columns && columns * rows <= TEXT_LIMITS.cells) return;
  throw failure('the table is too large', {
    where,
    got: `${columns} columns of ${rows} rows`,
    expected: `at most ${TEXT_LIMITS.cells} cells`,
  });
}

/** The cells of a record by their paths. Those of a record in it have its path before theirs. */
function* cellsOf(
  record: JsonRecord,
  before: readonly string[] = [],
): Generator<readonly [readonly string[], string]> {
  for (const [key, value] of Object.entries(record)) {
    const path = [...before, key];
    if (isRecord(value) && !(value instanceof Date)) yield* cellsOf(value, path);
    else yield [path, cellOf(value)];
  }
}

const LONG = /\d{16}/;
const TOKENS = /"[^"\\]*(?:\\.[^"\\]*)*"|-?\d+(?:\.\d+)?(?:[eE][+-]?\d+)?/g;

/** JSON with whole numbers beyond 2^53, which float64 would round, as texts of all their digits. */
const withWholeDigits = (json: string): string =>
  LONG.test(json)
    ? json.replaceAll(TOKENS, token =>
        /^-?\d{16,}$/.test(token) && !Number.isSafeInteger(Number(token)) ? `"${token}"` : token,
      )
    : json;

const cellOf = (value: unknown): string => {
  if (value === null || value === undefined) return '';
  if (value instanceof Date) return value.toISOString();
  return typeof value === 'object' ? JSON.stringify(value) : String(value).trim();
};
