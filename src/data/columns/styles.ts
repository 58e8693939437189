import type { DecimalMark } from '../formats/text/numerals.ts';

/** A way in which people write numbers. */
export interface NumberStyle {
  readonly name: string;
  /** How a cell is read, for a remark: `$5 as 5`. */
  readonly example?: string;
  /**
   * The number that a cell stands for, perhaps an infinite one; undefined where it is not written in this
   * style.
   */
  read(cell: string): number | undefined;
}

const PLAIN = {
  '.': /^[+\-−]?(\d+\.?\d*|\.\d+)(e[+-]?\d+)?$/i,
  ',': /^[+\-−]?(\d+,?\d*|,\d+)(e[+-]?\d+)?$/i,
};
const GROUPED = {
  '.': /^[+\-−]?\d{1,3}([,' \u00a0\u202f])\d{3}(\1\d{3})*(\.\d*)?$/,
  ',': /^[+\-−]?\d{1,3}([.' \u00a0\u202f])\d{3}(\1\d{3})*(,\d*)?$/,
};
const AROUND = /^([+\-−]?)\s*([$€£¥₹%]?)\s*([+\-−]?[\d.,' \u00a0\u202f]+?)\s*([$€£¥₹%]?)$/;

/** A number without marks of thousands: `-1.5e3`, or `-1,5e3` under decimal commas. Hexadecimal is text. */
const plain = (cell: string, decimal: DecimalMark): number | undefined =>
  PLAIN[decimal].test(cell) ? Number(cell.replace(',', '.').replace('−', '-')) : undefined;

function grouped(cell: string, decimal: DecimalMark): number | undefined {
  const mark = GROUPED[decimal].exec(cell)?.[1];
  return mark === undefined ? plain(cell, decimal) : plain(cell.replaceAll(mark, ''), decimal);
}

/** A number with one sign before or behind it, the same in all cells. */
const marked =
  (marks: string, decimal: DecimalMark) =>
  (cell: string): number | undefined => {
    const [, sign = '', before = '', number = '', after = ''] = AROUND.exec(cell) ?? [];
    const right = before + after === marks && !(sign && /^[+\-−]/.test(number));
    return right ? grouped(sign + number, decimal) : undefined;
  };

const TRUTH: Readonly<Record<string, number>> = Object.freeze({ true: 1, false: 0 });

/** The styles under a decimal mark, the commonest first. */
export function numberStyles(decimal: DecimalMark): readonly NumberStyle[] {
  const thousands = decimal === '.' ? '1,234 as 1234' : '1.234 as 1234';
  return [
    { name: 'plain', read: cell => plain(cell, decimal) },
    { name: 'thousands', example: thousands, read: cell => grouped(cell, decimal) },
    { name: 'percent', example: '12% as 12', read: marked('%', decimal) },
    ...[...'$€£¥₹'].map(mark => ({ name: mark, example: `${mark}5 as 5`, read: marked(mark, decimal) })),
    {
      name: 'truth',
      example: 'true as 1, false as 0',
      read: cell => {
        const word = cell.toLowerCase();
        return Object.hasOwn(TRUTH, word) ? TRUTH[word] : undefined;
      },
    },
  ];
}
