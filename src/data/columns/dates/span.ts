import { DAY, dateFormat } from './format.ts';
import { formatsOf } from './guess.ts';
import { dateReader } from './read.ts';

/**
 * The days that a text means, from the first moment up to but not including the last: `2011-03` is a month,
 * and `2011` a year. Undefined for a text that is no date of this format.
 */
export function dateSpan(format: string): (text: string) => readonly [low: number, high: number] | undefined {
  const read = dateReader(format);
  const own = dateFormat(format);
  return text => {
    const isYear = /^\d{4}$/.test(text);
    const low = isYear ? dateFormat('YYYY').read(text) : read(text);
    if (low === undefined) return undefined;
    const name = isYear ? 'YYYY' : own.read(text) === undefined ? formatOfText(text, low) : format;
    return name === undefined ? undefined : [low, endOf(low, name)];
  };
}

/** The format in which a text was read as this moment. */
const formatOfText = (text: string, moment: number): string | undefined =>
  formatsOf(text).find(name => dateFormat(name).read(text) === moment);

/** The first moment after what a date in this format means. */
function endOf(moment: number, format: string): number {
  const at = new Date(Math.round(moment * DAY));
  if (/S/.test(format)) return moment + 1 / DAY;
  if (/ss/.test(format)) return moment + 1000 / DAY;
  if (/mm/.test(format)) return moment + 60_000 / DAY;
  if (/D/.test(format)) return moment + 1;
  const [year, month] = [at.getUTCFullYear(), at.getUTCMonth()];
  const next = new Date(0);
  if (/M/.test(format)) next.setUTCFullYear(year, month + 1, 1);
  else next.setUTCFullYear(year + 1, 0, 1);
  return next.getTime() / DAY;
}
