import { divisor, type GridJson, isShared } from '../../units/grid.ts';
import { DAY } from './format.ts';

/** Equal parts of a day, coarsest first: days, hours, minutes, seconds, milliseconds. */
const PARTS = [1, 24, 1440, 86_400, DAY];
/** Different dates that are counted, to judge whether they share a longer step by chance. */
const COUNTED = 11;

/**
 * The grid of some dates, in days: whole days, hours, minutes or finer; or a constant number of them, such as
 * seven days, which the dates hardly share by chance.
 */
export function dateGrid(days: Iterable<number>): GridJson {
  let [at, first, step] = [0, undefined as number | undefined, 0];
  const fractions = new Set<number>();
  for (const day of days) {
    if (Number.isNaN(day)) continue;
    const time = Math.round(day * DAY);
    while (time % (DAY / PARTS[at]!) !== 0) at++;
    first ??= time;
    step = divisor(step, Math.abs(time - first));
    if (fractions.size < COUNTED) fractions.add(time);
  }
  const parts = PARTS[at]!;
  const unit = DAY / parts;
  const wide = step > unit && isShared(step / unit, fractions.size) ? step / unit : 1;
  const place = (first ?? 0) / unit;
  const offset = (((place % wide) + wide) % wide) + 0;
  return { step: wide, decimals: 0, offset, ...(parts > 1 && { parts }) };
}
