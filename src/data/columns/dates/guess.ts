import { type DateFormat, dateFormat } from './format.ts';

const YEAR_FIRST = /^(\d{4})([-/.])(\d{1,2})(?:\2(\d{1,2}))?(?!\d)/;
const YEAR_LAST = /^(\d{1,2})([-/.])(\d{1,2})\2(\d{4}|\d{2})(?!\d)/;
const MONTH_FIRST = /^([a-z]{3,9})( |-)(?:(\d{1,2})(,? |-))?(\d{4}|\d{2})(?!\d)/i;
const DAY_FIRST = /^(\d{1,2})( |-)([a-z]{3,9})\2(\d{4}|\d{2})(?!\d)/i;
const COMPACT = /^(1[89]|20)\d{2}(0[1-9]|1[0-2])(0[1-9]|[12]\d|3[01])(?!\d)/;
const WEEKDAY = /^(?:sun|mon|tue|wed|thu|fri|sat)(,? )/i;
const TIME = /^(T|,? )?(\d{1,2}):\d{2}(:\d{2}([.,]\d{1,6})?)?( ?)([ap]m)?( ?)(z|utc|[+-]\d{2}:?\d{2})?$/i;

/** The formats that a cell may have; none if it is not a date. */
export function formatsOf(cell: string): readonly string[] {
  if (cell.length > 40 || !/\d/.test(cell)) return [];
  const weekday = WEEKDAY.exec(cell);
  const rest = weekday ? cell.slice(weekday[0].length) : cell;
  const begun = weekday ? `ddd${weekday[1]}` : '';
  const clock = timeOf(rest);
  if (clock !== undefined && !weekday) return clock.startsWith('T') ? [] : [clock];
  return datesOf(rest).flatMap(({ text, length }) => {
    const time = length === rest.length ? '' : timeOf(rest.slice(length));
    return time === undefined || /^[hH]/.test(time) ? [] : [begun + text + time];
  });
}

/** The formats that fit the beginning of a cell, and the length of that beginning. */
function datesOf(cell: string): readonly { text: string; length: number }[] {
  const first = YEAR_FIRST.exec(cell);
  if (first) {
    const [all, , mark, , day] = first;
    if (mark === '.' && day === undefined) return [];
    return [{ text: `YYYY${mark}M${day === undefined ? '' : `${mark}D`}`, length: all.length }];
  }
  const last = YEAR_LAST.exec(cell);
  if (last) {
    const [all, , mark, , year] = last;
    // If nothing in the column decides, slashes are American and points European.
    const orders = mark === '/' ? [`M/D/`, `D/M/`] : [`D${mark}M${mark}`, `M${mark}D${mark}`];
    return orders.map(order => ({ text: order + yearOf(year!), length: all.length }));
  }
  return [...namedOf(cell), ...(COMPACT.test(cell) ? [{ text: 'YYYYMMDD', length: 8 }] : [])];
}

function namedOf(cell: string): { text: string; length: number }[] {
  const first = MONTH_FIRST.exec(cell);
  if (first && isMonth(first[1]!)) {
    const [all, name, mark, day, between = '', year] = first;
    const text = `${monthOf(name!)}${mark}${day === undefined ? '' : `D${between}`}${yearOf(year!)}`;
    return [{ text, length: all.length }];
  }
  const second = DAY_FIRST.exec(cell);
  if (!second || !isMonth(second[3]!)) return [];
  const [all, , mark, name, year] = second;
  return [{ text: `D${mark}${monthOf(name!)}${mark}${yearOf(year!)}`, length: all.length }];
}

const yearOf = (digits: string) => (digits.length === 4 ? 'YYYY' : 'YY');
const monthOf = (name: string) => (name.length === 3 ? 'MMM' : 'MMMM');
const MONTH =
  /^(jan(uary)?|feb(ruary)?|mar(ch)?|apr(il)?|may|june?|july?|aug(ust)?|sep(tember)?|oct(ober)?|nov(ember)?|dec(ember)?)$/i;
const isMonth = (name: string) => MONTH.test(name);

/** The format of a time of day, with its separator from the date; undefined for other texts. */
function timeOf(text: string): string | undefined {
  const match = TIME.exec(text);
  if (!match) return undefined;
  const [, mark = '', , seconds = '', fraction = '', before = '', half, between = '', zone] = match;
  const point = fraction ? fraction[0]! + 'S'.repeat(fraction.length - 1) : '';
  const clock = `${half ? 'h' : 'H'}:mm${seconds ? ':ss' : ''}${point}`;
  const zoned = zone === undefined ? '' : /^[+-]/.test(zone) ? 'ZZ' : zone;
  return `${mark}${clock}${half ? `${before}A` : ''}${half ? between : before || between}${zoned}`;
}

/** The number of cells that is enough to find the formats in use. */
const ENOUGH = 200;

/**
 * The format that most cells have. Of formats that fit equally many cells, it is the first that writes all
 * their digits. So the whole column decides whether 3/4 is in March or April. Undefined if fewer than half of
 * the cells are dates.
 */
export function formatOf(cells: readonly string[]): DateFormat | undefined {
  const stride = Math.max(1, Math.floor(cells.length / ENOUGH));
  const sample = cells.filter((_, i) => i % stride === 0);
  const formats = [...new Set(sample.flatMap(formatsOf))].map(dateFormat);
  if (formats.length === 0) return undefined;
  const ranked = ranking(formats, sample);
  const [best, fits] = ranking(
    ranked.filter(([, count]) => count === ranked[0]![1]).map(([format]) => format),
    cells,
  )[0]!;
  return 2 * fits >= cells.length && fits > 0 ? padded(best, cells) : undefined;
}

const ranking = (formats: readonly DateFormat[], cells: readonly string[]) =>
  formats
    .map(format => [format, cells.filter(cell => format.read(cell) !== undefined).length] as const)
    .sort((a, b) => b[1] - a[1]);

/** The format with a zero before single digits, if no cell lacks this zero. */
function padded(format: DateFormat, cells: readonly string[]): DateFormat {
  const dates = format.text.replace(/(?<!M)M(?!M)/, 'MM').replace(/(?<!D)D(?!D)/, 'DD');
  const clock = (text: string) => text.replace(/(?<![Hh])([Hh])(?![Hh])/, '$1$1');
  const forms = [clock(dates), dates, clock(format.text)].map(dateFormat);
  const readable = cells.filter(cell => format.read(cell) !== undefined);
  return forms.find(form => readable.every(cell => isAsWritten(form, cell))) ?? format;
}

/** Whether a cell has as many characters as the format writes. */
const isAsWritten = (form: DateFormat, cell: string): boolean => {
  const days = form.read(cell);
  return days !== undefined && form.write(days).length === cell.length;
};
