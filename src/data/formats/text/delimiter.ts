import { LangevinError, usage } from '../../../errors.ts';
import { mostFrequent } from './header.ts';
import { isMissing, isNumeral } from './numerals.ts';
import { eachRecord } from './records.ts';

/** The delimiters between fields, by name. */
const NAMES: Readonly<Record<string, string>> = Object.freeze({
  comma: ',',
  semicolon: ';',
  tab: '\t',
  pipe: '|',
  blank: ' ',
});

const WORDS = new Map([...Object.entries(NAMES), ['\\t', '\t'], ['space', ' ']]);

/** The name of a delimiter: `semicolon`, or the characters themselves. */
export const delimiterName = (delimiter: string): string =>
  Object.entries(NAMES).find(([, mark]) => mark === delimiter)?.[0] ?? JSON.stringify(delimiter);

/** The delimiter for an option's value: a name, or the characters themselves. */
export function delimiterOf(name: string): string {
  const delimiter = WORDS.get(name) ?? name;
  if (delimiter !== '' && !/["\r\n\w]/.test(delimiter)) return delimiter;
  throw usage('The delimiter cannot separate fields', {
    got: name,
    expected: `${Object.keys(NAMES).join(', ')}, or the character itself`,
  });
}

/** A sample of the text, in whole lines, that is large enough to judge. */
const SAMPLE = { bytes: 2 ** 16, lines: 4, records: 100 };

/** The first lines of a text as records under a delimiter; undefined if the quotes do not match. */
export function sampleRecords(bytes: Uint8Array, delimiter: string): (readonly string[])[] | undefined {
  const sample = sampleOf(bytes);
  const records: (readonly string[])[] = [];
  try {
    eachRecord(sample, '', { delimiter, most: SAMPLE.records }, ({ fields }) => {
      if (fields.length > 1 || fields[0]!.trim() !== '') records.push(fields.map(field => field.trim()));
    });
  } catch (error) {
    const cut = sample.length < bytes.length && records.length > 0;
    if (!(error instanceof LangevinError) || !cut) return undefined;
  }
  return records;
}

function sampleOf(bytes: Uint8Array): Uint8Array {
  let [end, lines] = [0, 0];
  while (end < bytes.length && (end < SAMPLE.bytes || lines < SAMPLE.lines)) {
    const next = bytes.indexOf(10, end);
    end = next < 0 ? bytes.length : next + 1;
    lines++;
  }
  return bytes.subarray(0, end);
}

/**
 * The delimiter under which all lines have the same number of fields, at least two. If several qualify, the
 * one under which most cells are numbers. If none does, the table has one column, and the result is a mark
 * that does not occur.
 */
export function sniffDelimiter(bytes: Uint8Array, first: string): string | undefined {
  const sample = sampleOf(bytes);
  const marks = [first, ...Object.values(NAMES).filter(mark => mark !== first)].filter(
    mark => holds(sample, mark) || (mark === ' ' && holds(sample, '\t')),
  );
  const scores = marks.map(mark => score(sampleRecords(bytes, mark)));
  const best = Math.max(0, ...scores);
  // A single column with decimal commas: a delimiter that does not occur keeps its cells whole.
  if (best === 0) return Object.values(NAMES).find(mark => !holds(sample, mark));
  return marks[scores.indexOf(best)];
}

/** Whether a mark of one ASCII character is in a text. */
const holds = (bytes: Uint8Array, mark: string): boolean => bytes.includes(mark.charCodeAt(0));

function score(records: readonly (readonly string[])[] | undefined): number {
  if (!records || records.length === 0) return 0;
  const width = mostFrequent(records.map(({ length }) => length));
  const fit = records.filter(({ length }) => length === width);
  if (width < 2 || isDecimalColumn(records, fit, width)) return 0;
  const cells = fit.slice(fit.length > 1 ? 1 : 0).flat();
  const numbers = cells.filter(cell => isNumeral(cell) || isMissing(cell)).length;
  // A header may lack one name, or end in a delimiter. Fewer fields than a row has suggest another delimiter.
  const lacking = width - records[0]!.length;
  const headed = lacking <= 0 ? 1 : lacking === 1 ? 0.6 : 0.5;
  return headed * (fit.length / records.length) * (1 + numbers / cells.length);
}

/** One column of decimal commas: `1,5` below a name without a comma. Numbered rows are two columns. */
const isDecimalColumn = (
  records: readonly (readonly string[])[],
  fit: readonly (readonly string[])[],
  width: number,
): boolean =>
  width === 2 &&
  records[0]!.length === 1 &&
  fit.length === records.length - 1 &&
  fit.every(cells => /^[+-]?\d+$/.test(cells[0]!) && /^\d+$/.test(cells[1]!)) &&
  !fit.every((cells, i) => Number(cells[0]) === Number(fit[0]![0]) + i);
