import * as z from 'zod';
import { usage } from '../../errors.ts';

/** A grid as it is stored in a file. Its values are (offset + k·step)/(10^decimals·parts) for whole k. */
export interface GridJson {
  /** A whole number above 0. */
  readonly step: number;
  /** Digits after the decimal point, 0 to 15. */
  readonly decimals: number;
  /** A whole number. */
  readonly offset: number;
  /** Equal parts of a unit, such as the 24 hours of a day. Default 1. */
  readonly parts?: number | undefined;
}

/** The schema of a grid in a configuration. */
export const gridSchema = z.strictObject({
  /** A whole number above 0. */
  step: z.number().int().positive(),
  /** Digits after the point. */
  decimals: z.number().int().min(0).max(15),
  /** A whole number. */
  offset: z.number().int(),
  /** Equal parts of a unit, such as the 24 hours of a day. */
  parts: z.number().int().positive().optional(),
});

/** The evenly spaced values that a column can hold, such as whole numbers or tenths. Pure functions. */
export interface Grid extends GridJson {
  /** Distance from one value to the next. */
  readonly width: number;
  /** The largest value of the grid that is at most x. */
  below(x: number): number;
  /**
   * The value of the grid that x stands for: x itself, or the value that float32 rounds to x where float32
   * tells the values of the grid apart. Undefined for another x.
   */
  meant(x: number): number | undefined;
  /** A description for people: `whole numbers`, `steps of 0.1`. */
  readonly words: string;
}

/**
 * The grid (offset + k·step)/(10^decimals·parts). Each value is the float64 nearest to its decimal number, so
 * 3 steps of 0.1 are 0.3.
 * @throws usage if an argument is not a whole number, or the step is below 1
 */
export function makeGrid({ step, decimals, offset, parts = 1 }: GridJson): Grid {
  const whole = [step, decimals, offset, parts].every(Number.isSafeInteger);
  if (!whole || step < 1 || parts < 1 || decimals < 0 || decimals > 15)
    throw usage('impossible grid', { got: JSON.stringify({ step, decimals, offset, parts }) });
  const unit = 10 ** decimals * parts;
  const at = (k: number) => (offset + k * step) / unit;
  const below = (x: number) => {
    const k = Math.floor((x * unit - offset) / step);
    // If x is a grid value, the division may round to either side of its index.
    if (at(k + 1) <= x) return at(k + 1) + 0;
    return at(k) <= x ? at(k) + 0 : at(k - 1) + 0;
  };
  const width = step / unit;
  const meant = (x: number) => {
    if (below(x) === x) return x;
    const nearest = below(x + width / 2);
    return Math.fround(nearest) === x && Math.abs(nearest - x) <= width / 4 ? nearest : undefined;
  };
  const words = width === 1 && offset === 0 ? 'whole numbers' : `steps of ${width}`;
  const form = { step, decimals, offset, ...(parts > 1 && { parts }) };
  return Object.freeze({ ...form, width, words, below, meant });
}

/** The numbers that define a grid. */
export const gridJson = ({ step, decimals, offset, parts }: GridJson): GridJson => ({
  step,
  decimals,
  offset,
  ...(parts !== undefined && parts > 1 && { parts }),
});

/** The whole numbers. */
export const wholeNumbers: Grid = makeGrid({ step: 1, decimals: 0, offset: 0 });

/** Distinct values that are counted: enough for a step of 2 to be no chance. */
const MOST_COUNTED = 11;

/**
 * Whether k different values that are all a multiple of a step apart are so by a rule and not by chance,
 * which has the probability step^−(k − 1).
 */
export const isShared = (step: number, different: number): boolean =>
  (different - 1) * Math.log(step) >= Math.log(1000);

/** The least share of rows that values between the steps have, where a column has such values. */
const BETWEEN = 0.05;

/**
 * Whether three or more values that are every multiple of a step from the least to the greatest are all that
 * a column has: if values between them had a twentieth of the rows, no row would have one by chance only once
 * in a thousand columns.
 */
const areAll = (different: number, places: number, rows: number): boolean =>
  different >= 3 && places === different && rows * Math.log(1 - BETWEEN) <= -Math.log(1000);

/** The largest number of decimals of a column with steps. */
const MOST_DECIMALS = 6;

/** Finds the number of decimals of a column, and the largest step that reaches every value from the first. */
export interface GridWatch {
  see(x: number): void;
  /** The grid of all values so far; undefined if the values have too many decimals. */
  grid(): Grid | undefined;
  /** The same, with a step above the last decimal only where the values hardly share it by chance. */
  sureGrid(): Grid | undefined;
  readonly least: number;
  readonly greatest: number;
  /** Number of distinct values, counted up to 11. */
  readonly different: number;
}

/** Finds the grid that the values of a column lie on: the whole numbers, or constant decimal steps. */
export function watchGrid(): GridWatch {
  let [decimals, first, step] = [0, 0, 0];
  let [least, greatest] = [Infinity, -Infinity];
  const values: number[] = [];
  let rows = 0;
  const see = (x: number) => {
    rows++;
    [least, greatest] = [Math.min(least, x), Math.max(greatest, x)];
    const isFirst = values.length === 0;
    if (values.length < MOST_COUNTED && !values.includes(x)) values.push(x);
    while (decimals <= MOST_DECIMALS && Math.round(x * 10 ** decimals) / 10 ** decimals !== x) {
      decimals++;
      [first, step] = [first * 10, step * 10];
    }
    if (decimals > MOST_DECIMALS) return;
    const place = Math.round(x * 10 ** decimals);
    if (isFirst) first = place;
    else step = divisor(step, Math.abs(place - first));
  };
  /** Beyond 2⁵³ a place is no longer a whole number of its own. */
  const isExact = () =>
    Math.max(Math.abs(least), Math.abs(greatest)) * 10 ** decimals <= Number.MAX_SAFE_INTEGER &&
    Number.isSafeInteger(step);
  const withStep = (wide: number) =>
    makeGrid({ step: wide, decimals, offset: (((first % wide) + wide) % wide) + 0 });
  const grid = () => {
    if (decimals > MOST_DECIMALS || values.length === 0) return undefined;
    if (decimals === 0) return wholeNumbers;
    if (step === 0 || !isExact()) return undefined;
    return withStep(step);
  };
  const sureGrid = () => {
    if (decimals > MOST_DECIMALS || values.length === 0 || !Number.isSafeInteger(first)) return undefined;
    const places = ((greatest - least) * 10 ** decimals) / step + 1;
    const isSure = isShared(step, values.length) || areAll(values.length, Math.round(places), rows);
    if (step > 1 && isExact() && isSure) return withStep(step);
    if (decimals === 0) return wholeNumbers;
    return isExact() ? withStep(1) : undefined;
  };
  return {
    see,
    grid,
    sureGrid,
    get least() {
      return least;
    },
    get greatest() {
      return greatest;
    },
    get different() {
      return values.length;
    },
  };
}

/** The greatest common divisor; gcd(a, 0) = a. */
export function divisor(a: number, b: number): number {
  let [p, q] = [a, b];
  while (q > 0) [p, q] = [q, p % q];
  return p;
}
