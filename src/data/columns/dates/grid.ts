import type { GridJson } from '../../units/grid.ts';
import { DAY } from './format.ts';

/** Equal parts of a day, coarsest first: days, hours, minutes, seconds, milliseconds. */
const PARTS = [1, 24, 1440, 86_400, DAY];
/** With fewer different dates than this, a longer step may be chance. */
const ENOUGH = 10;

/**
 * The grid of some dates, in days: whole days, hours, minutes or finer; or a constant number of these, such
 * as seven days, if at least ten different dates fit.
 */
export function dateGrid(days: Iterable<number>): GridJson {
  let [at, first, step] = [0, undefined as number | undefined, 0];
  const seen = new Set<number>();
  for (const day of days) {
    if (Number.isNaN(day)) continue;
    const time = Math.round(day * DAY);
    while (time % (DAY / PARTS[at]!) !== 0) at++;
    first ??= time;
    step = divisor(step, Math.abs(time - first));
    if (seen.size < ENOUGH) seen.add(time);
  }
  const parts = PARTS[at]!;
  const unit = DAY / parts;
  const wide = step > 0 && seen.size >= ENOUGH ? step / unit : 1;
  const place = (first ?? 0) / unit;
  const offset = (((place % wide) + wide) % wide) + 0;
  return { step: wide, decimals: 0, offset, ...(parts > 1 && { parts }) };
}

function divisor(a: number, b: number): number {
  let [p, q] = [a, b];
  while (q > 0) [p, q] = [q, p % q];
  return p;
}
