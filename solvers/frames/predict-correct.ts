import { coefficients, combine, type Sde, type Solver, type Tensor } from '../../src/plugin.ts';
import { dataFrame, dataWeights } from './data-prediction.ts';

/**
 * Exponential Adams predictor and corrector, with one evaluation a step, at the predicted point. At the
 * start, the first network output takes the place of earlier ones, with weight 0.
 */
export function predictCorrect(name: string, depth: number, order: number, eta: number): Solver {
  return Object.freeze({
    name,
    order,
    noise: eta === 0 ? 'none' : 'brownian',
    grid: 'log-snr',
    evaluationsPerStep: 1,
    init: (problem, x, t) => new Array<Tensor>(depth).fill(problem.data(x, t)),
    step({ problem, x, t, s, past, state, path }) {
      const [keep, spread, end, ...weights] = coefficients(
        (t, s, ...nodes) => bothSteps(problem.sde, t, s, nodes, depth, eta),
        ...[t, s, ...[t, ...past].slice(0, depth)],
      );
      const noise = eta === 0 ? [] : [[spread, path.increment()] as const];
      const terms = (from: number) => state.map((answer, j) => [weights[from + j]!, answer] as const);
      const predicted = combine([keep, x], ...terms(0), ...noise);
      const answer = problem.data(predicted, s);
      const corrected = combine([1, predicted], [end, answer], ...terms(depth));
      return { x: corrected, state: [answer, ...state].slice(0, depth) };
    },
  } satisfies Solver);
}

/**
 * The terms common to predictor and corrector, the corrector's weight of the network output at s, the
 * predictor's weights of the `depth` stored outputs, and what the corrector adds to them.
 */
function bothSteps(
  sde: Sde,
  t: number,
  s: number,
  nodes: readonly number[],
  depth: number,
  eta: number,
): [keep: number, spread: number, end: number, ...weights: number[]] {
  const frame = dataFrame(sde, t, s, nodes, eta);
  const predicted = dataWeights(frame, frame.places, eta);
  const corrected = dataWeights(frame, [...frame.places, 1], eta);
  const weights = new Array<number>(2 * depth).fill(0);
  predicted.forEach((weight, j) => {
    weights[j] = weight;
    weights[depth + j] = corrected[j]! - weight;
  });
  return [frame.keep, frame.spread, corrected.at(-1)!, ...weights];
}
