import { type DecimalMark, isMissing } from '../formats/text/numerals.ts';
import { groupedNumber, type NumberStyle, partsOf } from './styles.ts';

/** Codes of money. Any other letters before a number, as in `A12` and `Type 1`, make it a name. */
const MONEY = 'USD EUR GBP CHF JPY CNY INR AUD CAD NZD SEK NOK DKK PLN CZK HUF BRL MXN ZAR KRW';
/** Money before a number and a word after it, each with the blanks between. */
const UNIT = new RegExp(
  `^(?<before>(?:${MONEY.replaceAll(' ', '|')}|Rs\\.?|Fr\\.|kr\\.?)\\s*)?` +
    `[+\\-−]?[\\d.,][\\d.,' \\u00a0\\u202f]*?(?<after>\\s*[\\p{L}°µ"'][^\\d]{0,11})?$`,
  'u',
);
/** The least share of cells that have the unit. */
const AGREED = 0.95;
/** Most cells in which a unit is looked for. */
const MOST_LOOKED = 200;

/**
 * The style of a column whose numbers have one unit, such as `70.1 kg`; undefined for any other. The unit is
 * the most frequent one. If fewer than the share `least` of the cells have it, the column is of texts.
 */
export function unitStyle(
  cells: readonly string[],
  decimal: DecimalMark,
  least = AGREED,
): NumberStyle | undefined {
  const present = cells.filter(cell => !isMissing(cell));
  const { first, before, after } = unitOf(present.slice(0, MOST_LOOKED));
  if (before === '' && after === '') return undefined;
  const number = (cell: string) =>
    cell.startsWith(before) && cell.endsWith(after) && cell.length > before.length + after.length
      ? cell.slice(before.length, cell.length - after.length)
      : undefined;
  const read = (cell: string) => {
    const size = number(cell);
    return size === undefined ? undefined : groupedNumber(size, decimal);
  };
  const agreed = present.reduce((count, cell) => count + (read(cell) === undefined ? 0 : 1), 0);
  if (agreed < least * present.length) return undefined;
  return {
    ...{ name: 'unit', decimal, example: `${first} as ${read(first)}`, read },
    parts: cell => {
      const size = read(cell) === undefined ? undefined : number(cell);
      if (size === undefined) return undefined;
      return {
        ...(before && { prefix: before }),
        ...(after && { suffix: after }),
        ...partsOf(size, decimal),
      };
    },
  };
}

/** The most frequent unit, and the first cell that has it. */
function unitOf(cells: readonly string[]) {
  const found = new Map<string, { first: string; before: string; after: string; count: number }>();
  for (const cell of cells) {
    const { before = '', after = '' } = UNIT.exec(cell)?.groups ?? {};
    const key = JSON.stringify([before, after]);
    const unit = found.get(key) ?? { first: cell, before, after, count: 0 };
    found.set(key, { ...unit, count: unit.count + 1 });
  }
  const none = { first: '', before: '', after: '', count: 0 };
  const isUnit = ({ before, after }: typeof none) => before !== '' || after !== '';
  return [...found.values()]
    .filter(isUnit)
    .reduce((most, unit) => (unit.count > most.count ? unit : most), none);
}
