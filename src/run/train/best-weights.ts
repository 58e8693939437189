import { meanAndError, meanOf } from '../../math/mean.ts';
import type { ValidationCurve } from '../folder/curves.ts';
import { scoreOf } from './starts.ts';

/** Fewest steps without progress after which training stops. It waits half as long as the progress took. */
const LEAST_PATIENCE = 500;
/** A rise of the mean that counts as progress, in standard errors of the mean over the rows. */
const PROGRESS = 0.05;

/** Where a training stands when its comparison of weights begins. */
export interface BestStart {
  /** The curve of the run that goes on. */
  readonly curve: ValidationCurve | undefined;
  /** The best averaged weights of the run that goes on. */
  readonly best: Float32Array | undefined;
  /** The score of each row under the first weights. */
  readonly baseline: Float32Array | undefined;
}

/**
 * The best averaged weights of a training by the scores of rows in nats, more is better. The gain over the
 * first weights has to exceed its standard error over the rows; else these stay the best.
 */
export function bestWeights(start: BestStart) {
  const points = [...(start.curve?.points ?? [])];
  let best = { ...bestOf(points, start.curve?.best ?? 0), weights: start.best };
  let baseline = start.baseline;
  return {
    /** Whether the weights are compared at this step: often at first, then ever less. */
    due: (step: number): boolean => step % pace(step) === 0,
    /** Compares weights by the scores of the rows, and notes a point of the curve. */
    add(step: number, scores: Float64Array, weights: Float32Array, point: { nats: number; score?: number }) {
      points.push({ step, ...point });
      const score = meanOf(scores);
      baseline ??= Float32Array.from(scores);
      if (score > best.score && (step === 0 || isGain(scores, baseline))) best = { step, score, weights };
    },
    /** The points so far, and the best step. */
    curve: () => ({ points: [...points], best: best.step }),
    /** The best averaged weights so far. */
    best: () => best.weights,
    /** The score of each row under the first weights. */
    baseline: () => baseline,
    /** Whether the weights have not improved for so long that training stops. */
    stops(step: number): boolean {
      const last = lastProgress(points, PROGRESS * (meanAndError(baseline ?? []).standardError ?? 0));
      return step - last >= Math.max(LEAST_PATIENCE, last / 2);
    },
  };
}

/** Steps between two comparisons: multiples of the steps between reports. */
const pace = (step: number): number => (step < 1000 ? 50 : step < 4000 ? 200 : 500);

/** The best step so far and its score. A higher score that was no gain beyond its error is not the best. */
function bestOf(points: ValidationCurve['points'], step: number) {
  const point = points.find(each => each.step === step);
  return { step, score: point ? scoreOf(point) : -Infinity };
}

/** The last step at which the mean had risen by more than `least` since the last such step. */
function lastProgress(points: ValidationCurve['points'], least: number): number {
  let last = points[0] ?? { step: 0, nats: -Infinity };
  for (const point of points) if (scoreOf(point) > scoreOf(last) + least) last = point;
  return last.step;
}

/** Whether the mean difference of two lists exceeds its standard error. */
function isGain(now: Float64Array, before: Float32Array): boolean {
  const difference = now.map((value, i) => value - before[i]!);
  const { mean, standardError } = meanAndError(difference);
  return mean > (standardError ?? 0);
}
