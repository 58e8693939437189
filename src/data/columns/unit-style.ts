import { type DecimalMark, isMissing } from '../formats/text/numerals.ts';
import { groupedNumber, type NumberStyle, partsOf } from './styles.ts';
import { unitOf, writtenUnit } from './unit-names.ts';

/** Codes of money. Any other letters before a number, as in `A12` and `Type 1`, make it a name. */
const MONEY = 'USD EUR GBP CHF JPY CNY INR AUD CAD NZD SEK NOK DKK PLN CZK HUF BRL MXN ZAR KRW';
/** Money before a number and a word after it, each with the blanks between. */
const UNIT = new RegExp(
  `^(?<before>(?:${MONEY.replaceAll(' ', '|')}|Rs\\.?|Fr\\.|kr\\.?)\\s*)?` +
    `(?<size>[+\\-−]?[\\d.,][\\d.,' \\u00a0\\u202f]*?)(?<after>\\s*[\\p{L}°µ"'][^\\d]{0,11})?$`,
  'iu',
);
/** The least share of the cells with digits that have the unit, and of all cells. */
const [AGREED, OF_ALL] = [0.95, 0.5];
/** Most cells in which a unit is looked for. */
const MOST_LOOKED = 200;

/** A cell of a number with a unit. */
interface Measured {
  readonly cell: string;
  readonly before: string;
  readonly size: string;
  readonly after: string;
  /** One text for all spellings of the unit. */
  readonly unit: string;
}

/**
 * The style of a column whose numbers have one unit, such as `70.1 kg`; undefined for any other. The unit is
 * the most frequent one, in any spelling: `Kg` is `kg`. If fewer than the share `least` of the cells with
 * digits have it, the column is of texts; words such as `ERR` stand for no value, unless they are most cells.
 */
export function unitStyle(
  cells: readonly string[],
  decimal: DecimalMark,
  least = AGREED,
): NumberStyle | undefined {
  const present = cells.filter(cell => !isMissing(cell));
  const looked = present.slice(0, MOST_LOOKED).flatMap(cell => measured(cell) ?? []);
  const usual = mostFrequent(looked, ({ unit }) => unit);
  const written = mostFrequent(
    looked.filter(({ unit }) => unit === usual?.unit),
    ({ before, after }) => JSON.stringify([before, after]),
  );
  if (!written || isCode(written)) return undefined;
  const { before, after } = written;
  const number = (cell: string) => {
    const own = measured(cell);
    return own?.unit === written.unit ? own.size : undefined;
  };
  const read = (cell: string) => {
    const size = number(cell);
    return size === undefined ? undefined : groupedNumber(size, decimal);
  };
  const agreed = present.reduce((count, cell) => count + (read(cell) === undefined ? 0 : 1), 0);
  const withDigits = present.reduce((count, cell) => count + (/\d/.test(cell) ? 1 : 0), 0);
  if (agreed < least * withDigits || (least > 0 && agreed < OF_ALL * present.length)) return undefined;
  const unit = writtenUnit({ prefix: before, suffix: after });
  return {
    ...{ name: 'unit', decimal, unit, example: `${written.cell} as ${read(written.cell)}`, read },
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

/** The parts of a number with a unit; undefined for any other cell. */
function measured(cell: string): Measured | undefined {
  const { before = '', size = '', after = '' } = UNIT.exec(cell)?.groups ?? {};
  if (before === '' && after === '') return undefined;
  return { cell, before, size, after, unit: JSON.stringify([unitOf(before), unitOf(after)]) };
}

/** The first cell of the most frequent kind. */
function mostFrequent(cells: readonly Measured[], keyOf: (cell: Measured) => string): Measured | undefined {
  const found = new Map<string, { readonly first: Measured; readonly count: number }>();
  for (const cell of cells) {
    const { first, count } = found.get(keyOf(cell)) ?? { first: cell, count: 0 };
    found.set(keyOf(cell), { first, count: count + 1 });
  }
  return [...found.values()].reduce((a, b) => (b.count > a.count ? b : a), { first: cells[0], count: 0 })
    .first;
}

/** Whether the letter right behind the digits makes codes of them, as in `2786E`: it is no unit. */
const isCode = ({ after }: Measured): boolean => /^\p{Lu}$/u.test(after) && !LETTERS.includes(after);
/** Units of one letter that are written right behind a number. */
const LETTERS = 'VAWKCFNJGTLMBHS';
