import { isMissing, isNumeral } from './numerals.ts';

type Fields = readonly string[];

/** Column names from the first lines of a table. */
export interface Heading {
  /** One for each field of a row; empty where a column has no name. */
  readonly names: readonly string[];
  /** Whether the first record is the header and not a row. */
  readonly header: boolean;
}

/**
 * The column names: from the first record if it is a header; else from the last comment if it has as many
 * fields as a row; else x1, x2, …
 */
export function readHeading(records: readonly Fields[], comment: Fields, hasHeader?: boolean): Heading {
  const [first = [], ...rows] = records;
  const width = rows.length > 0 ? mostFrequent(rows.map(({ length }) => length)) : first.length;
  const narrower = first.length < width && first.every(cell => !isNumeral(cell));
  const header = hasHeader ?? (narrower || isHeader(first, rows));
  if (header) return { names: fitted(first, rows, width), header };
  if (hasHeader === undefined && comment.length === first.length && first.length > 1)
    return { names: comment, header };
  return { names: first.map((_, i) => `x${i + 1}`), header };
}

/** Adds an empty first name if the header is one name short. R writes no name for the column of row names. */
function fitted(names: Fields, rows: readonly Fields[], width: number): Fields {
  const whole = rows.filter(({ length }) => length === width);
  if (width === names.length + 1 && whole.every(fields => fields.at(-1) === '')) return [...names, ''];
  if (width === names.length + 1 && whole.length > 1 && areRowNames(whole.map(fields => fields[0]!)))
    return ['', ...names];
  return width === names.length - 1 && names.at(-1) === '' ? names.slice(0, -1) : names;
}

const areRowNames = (cells: Fields): boolean =>
  isSequence(cells) || (new Set(cells).size === cells.length && cells.every(cell => !isNumeral(cell)));

const isSequence = (cells: Fields): boolean => {
  const start = Number(cells[0]);
  return (start === 0 || start === 1) && cells.every((cell, i) => cell === String(start + i));
};

/**
 * Whether a record is a header. It is a header if a column of numbers begins with a word, or if its cells
 * count 0, 1, 2, … It is not a header if a column of numbers begins with a number. The exception: its numbers
 * are years or other evenly spaced numbers, and it also has a word that no row repeats.
 */
function isHeader(first: Fields, rows: readonly Fields[]): boolean {
  const named = first[0] === '' ? first.slice(1) : first;
  if (named.length > 0 && named.every((name, i) => name === String(i))) return true;
  const columns = first.map((cell, d) =>
    judge(
      cell,
      rows.map(fields => fields[d] ?? ''),
    ),
  );
  if (columns.includes('name')) return true;
  const repeated = columns.includes('repeated');
  const numbers = first.filter((_, d) => columns[d] === 'number').map(Number);
  if (numbers.length === 0) return !repeated && (rows.length > 0 || !first.every(isNumeral));
  return !repeated && columns.includes('word') && numbers.length > 1 && inEvenSteps(numbers);
}

/** How the first cell of a column compares with the cells below it. */
function judge(cell: string, below: Fields): 'name' | 'number' | 'word' | 'repeated' | 'nothing' {
  const present = below.filter(other => !isMissing(other));
  if (isMissing(cell) || present.length === 0) return 'nothing';
  if (2 * present.filter(isNumeral).length >= present.length) return isNumeral(cell) ? 'number' : 'name';
  return present.includes(cell) ? 'repeated' : 'word';
}

const inEvenSteps = (numbers: readonly number[]): boolean => {
  const step = numbers[1]! - numbers[0]!;
  return (
    step !== 0 && numbers.every((value, i) => Number.isInteger(value) && value === numbers[0]! + i * step)
  );
};

/** The most frequent of some numbers; the earliest if there are several. */
export function mostFrequent(values: readonly number[]): number {
  const counts = new Map<number, number>();
  for (const value of values) counts.set(value, (counts.get(value) ?? 0) + 1);
  return [...counts].reduce((best, entry) => (entry[1] > best[1] ? entry : best))[0];
}
