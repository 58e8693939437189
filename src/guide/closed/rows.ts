import type { Observation } from '../../measure/observation.ts';
import { sizeOf } from '../../tensor/index.ts';

/** A linear question about z: readings y = A·z + n, then bounds low < B·z < high. */
export interface LinearQuestion {
  /** D */
  readonly size: number;
  /** A and, below it, B: [n + k, D]. */
  readonly rows: Float64Array;
  /** y, [n]. */
  readonly value: Float64Array;
  /** Variances of the errors, [n]. */
  readonly variance: Float64Array;
  /** [k] */
  readonly low: Float64Array;
  /** [k] */
  readonly high: Float64Array;
}

/** Cosine of the angle below which two bounds are of one direction. */
const PARALLEL = 1 - 1e-6;

/** The question of an observation; undefined if it is not linear. Bounds of one direction become one. */
export function linearQuestion(observation: Observation): LinearQuestion | undefined {
  const { shape, linear, noisy, readings, bounds, rows } = observation;
  if (!linear || noisy.length > 0) return undefined;
  const size = sizeOf(shape);
  const all = rows.flatMap(({ data }) => Array.from(data));
  const row = (i: number) => all.slice(i * size, (i + 1) * size);
  const first = readings.value.length;
  const merged: { row: number[]; low: number; high: number }[] = [];
  for (let i = 0; i < bounds.low.length; i++) {
    const own = row(first + i);
    const cosineWith = (other: readonly number[]) =>
      own.reduce((sum, entry, d) => sum + entry * other[d]!, 0);
    const former = merged.find(other => Math.abs(cosineWith(other.row)) > PARALLEL);
    const turned = former && cosineWith(former.row) < 0;
    const [low, high] = turned ? [-bounds.high[i]!, -bounds.low[i]!] : [bounds.low[i]!, bounds.high[i]!];
    if (!former) merged.push({ row: own, low, high });
    else [former.low, former.high] = [Math.max(former.low, low), Math.min(former.high, high)];
  }
  return {
    ...{ size, value: readings.value, variance: readings.variance },
    rows: Float64Array.from([...all.slice(0, first * size), ...merged.flatMap(each => each.row)]),
    low: Float64Array.from(merged.map(({ low }) => low)),
    high: Float64Array.from(merged.map(({ high }) => high)),
  };
}
