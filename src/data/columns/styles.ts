import type { DecimalMark } from '../formats/text/numerals.ts';
import type { NumberText } from './kinds.ts';

/** The marks of one cell, and the digits of its fraction. */
export interface NumberParts
  extends Pick<NumberText, 'prefix' | 'suffix' | 'thousands' | 'brackets' | 'minusBehind'> {
  readonly decimals: number;
  readonly exponent: boolean;
}

/** A style of writing numbers. */
export interface NumberStyle {
  readonly name: string;
  readonly decimal: DecimalMark;
  /** The unit that all its numbers have, as it is written: `kg`, `$`. */
  readonly unit?: string | undefined;
  /** How a cell is read, for a note: `$5 as 5`. */
  readonly example?: string;
  /** The number in a cell, which can be infinite; undefined if the cell has another style. */
  read(cell: string): number | undefined;
  /** How such a cell is written; undefined if the cell has another style. */
  parts(cell: string): NumberParts | undefined;
}

/** How a style reads and describes a cell. */
type Cells = Pick<NumberStyle, 'read' | 'parts'>;

const PLAIN = {
  '.': /^[+\-−]?(\d+\.?\d*|\.\d+)(e[+-]?\d+)?$/i,
  ',': /^[+\-−]?(\d+,?\d*|,\d+)(e[+-]?\d+)?$/i,
};
const GROUPED = {
  '.': /^[+\-−]?[1-9]\d{0,2}([,' \u00a0\u202f])\d{3}(\1\d{3})*(\.\d*)?$/,
  ',': /^[+\-−]?[1-9]\d{0,2}([.' \u00a0\u202f])\d{3}(\1\d{3})*(,\d*)?$/,
};
const AROUND = /^([+\-−]?)\s*([$€£¥₹%]?)\s*([+\-−]?[\d.,' \u00a0\u202f]+?)\s*([$€£¥₹%]?)$/;

/**
 * A number without a separator of thousands: `-1.5e3`, or `-1,5e3` with decimal commas. Hexadecimal is text.
 */
const plainNumber = (cell: string, decimal: DecimalMark): number | undefined =>
  PLAIN[decimal].test(cell) ? Number(cell.replace(',', '.').replace('−', '-')) : undefined;

/** A number that may have separators of thousands. */
export function groupedNumber(cell: string, decimal: DecimalMark): number | undefined {
  const mark = GROUPED[decimal].exec(cell)?.[1];
  return mark === undefined ? plainNumber(cell, decimal) : plainNumber(cell.replaceAll(mark, ''), decimal);
}

/** Accounts write −5 as (5), or as 5-. */
const BRACKETS = /^\(\s*([^()+\-−]+?)\s*\)$/;
const BEHIND = /^([^()+\-−]*\d[^()+\-−]*?)\s*[-−]$/;

/** Splits a cell with one sign before or after its number. */
function around(cell: string, marks: string) {
  const [, sign = '', before = '', number = '', after = ''] = AROUND.exec(cell) ?? [];
  const right = before + after === marks && !(sign && /^[+\-−]/.test(number));
  return right ? { before, after, number: sign + number } : undefined;
}

/** The marks of a number that is written in a style. */
export function partsOf(number: string, decimal: DecimalMark): NumberParts {
  const thousands = GROUPED[decimal].exec(number)?.[1];
  const fraction = /[.,](\d*)/.exec(thousands === undefined ? number : number.replaceAll(thousands, ''));
  return {
    ...(thousands !== undefined && { thousands }),
    decimals: (fraction?.[1] ?? '').length,
    exponent: /e/i.test(number),
  };
}

/** A number with one sign before or after it, the same sign in all cells. */
const markStyle = (mark: string, decimal: DecimalMark): Cells => {
  const read = (cell: string) => {
    const split = around(cell, mark);
    return split && groupedNumber(split.number, decimal);
  };
  return {
    read,
    parts: cell => {
      const split = read(cell) === undefined ? undefined : around(cell, mark);
      const sides = split && (split.before ? { prefix: mark } : { suffix: mark });
      return split && { ...sides, ...partsOf(split.number, decimal) };
    },
  };
};

/** The same style, in which negative numbers may be written by their size, as in (5) and 5-. */
const orAsSize = (
  { read, parts }: Cells,
  negative: RegExp,
  form: Pick<NumberText, 'brackets' | 'minusBehind'>,
): Cells => {
  const inner = (cell: string) => negative.exec(cell)?.[1];
  return {
    read: cell => {
      const size = inner(cell);
      const value = read(size ?? cell);
      return size === undefined || value === undefined ? value : -value;
    },
    parts: cell => {
      const size = inner(cell);
      const found = parts(size ?? cell);
      return found && size !== undefined ? { ...found, ...form } : found;
    },
  };
};
const orInBrackets = (cells: Cells) => orAsSize(cells, BRACKETS, { brackets: true });
const orBehind = (cells: Cells) => orAsSize(cells, BEHIND, { minusBehind: true });

const unmarked = (
  of: (cell: string, decimal: DecimalMark) => number | undefined,
  decimal: DecimalMark,
): Cells => ({
  read: cell => of(cell, decimal),
  parts: cell => (of(cell, decimal) === undefined ? undefined : partsOf(cell, decimal)),
});

const TRUTH: Readonly<Record<string, number>> = Object.freeze({ true: 1, false: 0 });
const truthOf = (cell: string): number | undefined => {
  const word = cell.toLowerCase();
  return Object.hasOwn(TRUTH, word) ? TRUTH[word] : undefined;
};

/** The styles for a decimal mark, the most common first. */
export function numberStyles(decimal: DecimalMark): readonly NumberStyle[] {
  const thousands = decimal === '.' ? '1,234 as 1234' : '1.234 as 1234';
  const grouped = unmarked(groupedNumber, decimal);
  const marks = ['%', ...'$€£¥₹'].map(mark => ({ mark, cells: markStyle(mark, decimal) }));
  const exampleOf = (mark: string) => (mark === '%' ? '12% as 12' : `${mark}5 as 5`);
  return [
    { name: 'plain', decimal, ...unmarked(plainNumber, decimal) },
    { name: 'thousands', decimal, example: thousands, ...grouped },
    { name: 'accounts', decimal, example: '(5) as -5', ...orInBrackets(grouped) },
    { name: 'minus behind', decimal, example: '5- as -5', ...orBehind(grouped) },
    ...marks.map(({ mark, cells }) => ({
      ...{ name: mark, decimal, unit: mark, example: exampleOf(mark) },
      ...orInBrackets(cells),
    })),
    {
      name: 'truth',
      decimal,
      example: 'true as 1, false as 0',
      read: truthOf,
      parts: () => undefined,
    },
  ];
}
