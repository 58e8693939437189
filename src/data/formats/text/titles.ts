import { mostFrequent } from './header.ts';
import { isNumeral } from './numerals.ts';
import { eachRecord } from './records.ts';

/** Narrowest table above which a line of one text is a title. */
const LEAST_WIDTH = 3;
/** Most lines of titles, and records that are looked at. */
const [MOST_TITLES, MOST_RECORDS] = [20, 60];
const [LF, CR] = [10, 13];

/** A line with one text and no other cell, as titles and notes are. */
export const isTitle = (fields: readonly string[]): boolean =>
  fields[0] !== '' && !isNumeral(fields[0]!) && fields.every((field, i) => i === 0 || field === '');

/**
 * A line of a label and its value, as bank statements begin. A header may lack the name of one column, so a
 * line that is narrower by one cell is none.
 */
const isLabel = (fields: readonly string[], width: number): boolean =>
  fields.length === 2 && width > 3 && fields[0] !== '' && !isNumeral(fields[0]!);

/**
 * The table below the lines of its title, as spreadsheets are exported: lines of one text, of a label and its
 * value, and empty ones, above rows of at least three cells.
 */
export function withoutTitles(
  body: Uint8Array,
  delimiter: string,
): { readonly body: Uint8Array; readonly lines: number; readonly titles: number } {
  const records: { fields: readonly string[]; line: number }[] = [];
  const keep = ({ fields, line }: { fields: readonly string[]; line: number }) =>
    void records.push({ fields: fields.map(field => field.trim()), line });
  try {
    eachRecord(body, '', { delimiter, most: MOST_RECORDS }, keep);
  } catch {
    // Quotes that do not match are reported where the rows are read.
  }
  const none = { body, lines: 0, titles: 0 };
  const width = records.length > 0 ? mostFrequent(records.map(({ fields }) => fields.length)) : 0;
  if (width < LEAST_WIDTH) return none;
  const isEmpty = (fields: readonly string[]) => fields.every(field => field === '');
  const first = records.findIndex(
    ({ fields }) => !isTitle(fields) && !isLabel(fields, width) && !isEmpty(fields),
  );
  if (first <= 0 || first > MOST_TITLES) return none;
  const lines = records[first - 1]!.line;
  return { body: body.subarray(lineStart(body, lines)), lines, titles: first };
}

/** The byte at which a line begins, counted from 0. */
function lineStart(bytes: Uint8Array, line: number): number {
  let [at, passed] = [0, 0];
  while (at < bytes.length && passed < line) {
    if (bytes[at] === LF || (bytes[at] === CR && bytes[at + 1] !== LF)) passed++;
    at++;
  }
  return at;
}
