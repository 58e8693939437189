import type { DateFormat } from './format.ts';
import { DAY } from './format.ts';
import { dateReader } from './read.ts';

/** Share of the cells with digits that have to be dates, and of the dates that have a usual year. */
const AGREED = 0.95;
/** Years that dates of tables mostly have. */
const [FIRST_YEAR, LAST_YEAR] = [1000, 2200];
/** The least number of different cells by which a column of days is judged. */
const FEW = 5;

/**
 * Whether cells that can be read in a format are dates rather than version or part numbers: nearly all cells
 * with digits are dates, of usual years. Those such as 1.6.12 also need days beyond 12, as version numbers
 * hardly have them in all rows.
 */
export function areDates(format: DateFormat, cells: readonly string[]): boolean {
  const read = dateReader(format.text);
  const withDigits = cells.filter(cell => /\d/.test(cell) && !/^\d{4}$/.test(cell));
  const days = withDigits.flatMap(cell => read(cell) ?? []);
  if (days.length < AGREED * withDigits.length) return false;
  const yearOf = (day: number) => new Date(Math.floor(day) * DAY).getUTCFullYear();
  const usual = days.filter(day => yearOf(day) >= FIRST_YEAR && yearOf(day) <= LAST_YEAR);
  if (usual.length < AGREED * days.length) return false;
  const isShort = /^(D[.-]M|M[.-]D)[.-]YY$/.test(format.text);
  return !isShort || new Set(cells).size < FEW || days.some(day => new Date(day * DAY).getUTCDate() > 12);
}
