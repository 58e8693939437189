import { usage } from '../errors.ts';
import { logSnr, timeAtLogSnr } from '../sde/log-snr.ts';
import type { Grid } from './contract.ts';

/**
 * A time grid as a table, plain JSON: log-SNR λ = log(scale²/std²) after equal shares of the steps, from
 * noise to data.
 */
export interface TabledGrid {
  /** Distinguishes a table from the other grids. */
  readonly name: 'tabled';
  /** λ at u = 0, 1/M, …, 1: increasing. */
  readonly levels: readonly number[];
}

/**
 * The grid of a table for any number of steps. λ(u) interpolates its levels by monotone cubics (Fritsch &
 * Carlson 1980), so that M steps visit them exactly. It works in either direction, between any two times in
 * its range.
 */
export function tabled({ levels }: TabledGrid): Grid {
  const rising =
    Array.isArray(levels) &&
    levels.every((level, i) => Number.isFinite(level) && (i === 0 || level > levels[i - 1]!));
  if (!rising || levels.length < 2) {
    throw usage('the table is not a time grid', {
      where: 'grid',
      got: Array.isArray(levels) ? levels.slice(0, 5) : levels,
      expected: 'levels: two or more log signal-to-noise ratios, rising',
    });
  }
  const at = monotoneCubic(levels);
  return (sde, steps, from, to) => {
    const [a, b] = [from, to].map(t => shareOf(at, logSnr(sde, t)));
    const times = Float64Array.from({ length: steps + 1 }, (_, i) => {
      if (i === 0 || i === steps) return i === 0 ? from : to;
      const level = at(a! + (i / steps) * (b! - a!));
      return timeAtLogSnr(
        sde,
        Math.min(logSnr(sde, Math.min(from, to)), Math.max(logSnr(sde, Math.max(from, to)), level)),
      );
    });
    return times;
  };
}

/**
 * The u in [0, 1] where an increasing function has this value, by bisection; the nearer end if there is none.
 */
function shareOf(at: (u: number) => number, value: number): number {
  if (value <= at(0)) return 0;
  if (value >= at(1)) return 1;
  let [low, high] = [0, 1];
  for (let i = 0; i < 60; i++) {
    const middle = (low + high) / 2;
    if (at(middle) < value) low = middle;
    else high = middle;
  }
  return (low + high) / 2;
}

/**
 * The cubic through values at 0, 1/M, …, 1 whose slopes are harmonic means, so that it increases where they
 * do.
 */
function monotoneCubic(values: readonly number[]): (u: number) => number {
  const m = values.length - 1;
  const secant = (i: number) => values[i + 1]! - values[i]!;
  const slopes = values.map((_, i) => {
    if (i === 0 || i === m) return secant(i === 0 ? 0 : m - 1);
    const [left, right] = [secant(i - 1), secant(i)];
    return (2 * left * right) / (left + right);
  });
  return u => {
    const i = Math.min(m - 1, Math.max(0, Math.floor(u * m)));
    const x = u * m - i;
    const [p, q, rise] = [slopes[i]!, slopes[i + 1]!, secant(i)];
    return values[i]! + x * (p + x * (3 * rise - 2 * p - q + x * (p + q - 2 * rise)));
  };
}
