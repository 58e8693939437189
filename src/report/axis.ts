import type { Spec } from './vega.ts';
import type { Interval } from './window.ts';

/** What the numbers of a column stand for on an axis: days since 1970-01-01, or places in a list of names. */
export type AxisWords =
  | {
      /** Dates. */
      readonly kind: 'date';
    }
  | {
      /** Names. */
      readonly kind: 'names';
      /** Them, in the order of their numbers. */
      readonly names: readonly string[];
    };

const DAY = 86_400_000;

/** The value of a number in the units of its axis: milliseconds for dates. */
export const onAxis = (words: AxisWords | undefined, value: number): number =>
  words?.kind === 'date' ? value * DAY : value;

/** The encoding of a field whose values are `onAxis`, over `domain` in the units of the column. */
export function position(field: string, domain: Interval, axis: Spec, words?: AxisWords): Spec {
  const scale = { domain: domain.map(end => onAxis(words, end)), zero: false, nice: false };
  if (words?.kind === 'date')
    return { field, type: 'temporal', scale: { ...scale, zero: undefined, type: 'utc' }, axis };
  return { field, type: 'quantitative', scale, axis: words ? { ...axis, ...namesOf(words.names) } : axis };
}

/** The longest name that is not cut, in pixels as Vega guesses them, and as they are drawn. */
const [LIMIT, DRAWN] = [80, 58];
/** Most names along an axis. */
const MOST_NAMES = 10;

/** Ticks at the names: at each, or at every second, third, … of many. */
const namesOf = (names: readonly string[]): Spec => ({
  values: [...names.keys()].filter(k => k % Math.ceil(names.length / MOST_NAMES) === 0),
  labelExpr: `${JSON.stringify(names)}[datum.value]`,
  tickCount: names.length,
  labelOverlap: false,
  labelLimit: LIMIT,
});

/** More than two names stand upright below their axis. They take this room, about 5.5 pixels a letter. */
export function roomBelow(words: AxisWords | undefined): number {
  if (words?.kind !== 'names' || words.names.length <= 2) return 0;
  const longest = words.names.reduce((most, { length }) => Math.max(most, length), 0);
  return Math.min(DRAWN, Math.ceil(5.5 * longest));
}

/** An axis along x, whose title stands below its names. */
export const upright = (words: AxisWords | undefined): Spec =>
  roomBelow(words) > 0
    ? { labelAngle: -90, labelBaseline: 'middle', titleBaseline: 'top', titleY: roomBelow(words) + 10 }
    : {};
