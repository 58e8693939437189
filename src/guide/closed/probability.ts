import { logMeanExp, logSumExp } from '../../math/log-sum.ts';
import { fillUniform, key } from '../../random/index.ts';
import { type Evidence, evidenceOf } from '../smc/evidence.ts';
import { type AskedComponent, boundsOf } from './component.ts';
import type { LinearQuestion } from './rows.ts';

/** Points of one lattice, and lattices, each shifted at random. */
const [POINTS, SHIFTS] = [1024, 8];
/** Square roots of primes, the generators of the lattice (Richtmyer). */
const ROOTS = [2, 3, 5, 7, 11, 13, 17, 19, 23, 29, 31, 37, 41, 43, 47, 53].map(Math.sqrt);

/** Most bounds whose probability is computed. */
export const MOST_BOUNDS = ROOTS.length;

/**
 * log Σ wₖ·N(y; …)·P(low < B·z < high | y, k): the evidence of a question to a mixture. Up to one bound it is
 * a closed form. The probability of several is the mean, over lattices, of the products that `boundsOf` gives
 * (Genz 1992), each with `points`; the scatter of the lattices is its error.
 */
export function evidenceOfMixture(
  asked: readonly AskedComponent[],
  question: LinearQuestion,
  points = POINTS,
): Evidence {
  const k = question.low.length;
  if (k < 2) {
    const logEvidence = logSumExp(asked.map(one => one.logReadings + logOfBounds(one, question, [0.5])));
    return { logEvidence, interval: [logEvidence, logEvidence], populations: [logEvidence], gridError: null };
  }
  const shift = new Float64Array(k - 1);
  const logs = Array.from({ length: SHIFTS }, (_, s) => {
    fillUniform(shift, key(0, 'lattice'), { step: s, first: 0, size: k - 1 });
    return logSumExp(asked.map(one => one.logReadings + latticeMean(one, question, shift, points)));
  });
  return evidenceOf(logs);
}

function latticeMean(
  one: AskedComponent,
  question: LinearQuestion,
  shift: Float64Array,
  points: number,
): number {
  const u = new Float64Array(shift.length + 1).fill(0.5);
  const logs = new Float64Array(points);
  for (let i = 0; i < points; i++) {
    shift.forEach((from, j) => {
      u[j] = folded((from + (i + 1) * ROOTS[j]!) % 1);
    });
    logs[i] = logOfBounds(one, question, u);
  }
  return logMeanExp(logs);
}

/** The tent 1 − |2u − 1|, which makes an integrand periodic, within (0, 1). */
const folded = (u: number): number => Math.min(1 - 1e-10, Math.max(1e-10, 1 - Math.abs(2 * u - 1)));

/** log Π P of the bounds, one after another, along the point u. */
function logOfBounds(one: AskedComponent, question: LinearQuestion, u: ArrayLike<number>): number {
  const e = new Float64Array(one.whitened.length + question.low.length);
  return boundsOf(one, question, u, e).reduce((sum, log) => sum + log, 0);
}
