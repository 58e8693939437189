import {
  add,
  coefficients,
  combine,
  hamiltonianMove,
  type Options,
  requireBetween,
  reshape,
  type Shape,
  type Solver,
  sizeOf,
  slice,
  square,
  type Tensor,
  usage,
  withDefaults,
} from '../src/plugin.ts';
import { pullAndKick } from './frames/unadjusted.ts';

const defaults = {
  /** Signal-to-noise ratio r of a step, above 0: its length is ε = 2α(r·std)². Default 0.16. */
  snr: 0.16,
  /** Inner points of Lobatto's rule for log p_s(y) − log p_s(x), from 0. Default 2. */
  nodes: 2,
};

/**
 * The Metropolis-adjusted Langevin algorithm at the time s reached (Roberts & Tweedie 1996): the step of
 * `langevin`, y = x + ε·score + √(2ε)·z, is accepted with probability min(1, p_s(y)q(x|y)/p_s(x)q(y|x)), else
 * x stays. So p_s is stationary for every `snr`, up to the error of log p_s(y) − log p_s(x), the line
 * integral of the score by a rule that is exact for scores of degree 2·`nodes` + 1.
 * A corrector, not an integrator: order 0. 2 + `nodes` evaluations a step.
 */
export function mala(options: Options<typeof defaults> = {}): Solver {
  const { snr, nodes } = withDefaults('mala', defaults, options);
  requireBetween('mala', 'snr', snr, 0);
  if (!(Number.isInteger(nodes) && nodes >= 0))
    throw usage('option "nodes" is out of range', { where: 'mala', got: nodes, expected: '0, 1, 2, ...' });
  return Object.freeze({
    name: 'mala',
    order: 0,
    noise: 'fresh',
    corrects: true,
    evaluationsPerStep: 2 + nodes,
    step({ problem, x, t, s, path }) {
      const [step] = coefficients((t, s) => [pullAndKick(problem.sde, t, s, snr)[1]], t, s);
      const look = (at: Tensor) => ({ x: at, score: problem.score(at, s) });
      const draws = { z: path.normal(0), exponential: exponential(path.normal(1), path.normal(2)) };
      return { x: hamiltonianMove(look, look(x), step, draws, { leaps: 1, nodes }).place.x };
    },
  } satisfies Solver);
}

/** ½(z₁² + z₂²) of the first value of each sample: Exp(1). [B] */
function exponential(z1: Tensor, z2: Tensor): Tensor {
  const [first, second] = [z1, z2].map(z => square(firstOf(z, z.shape)));
  return combine([0.5, add(first!, second!)]);
}

const firstOf = (z: Tensor, [rows = 0, ...each]: Shape): Tensor =>
  reshape(slice(reshape(z, [rows, sizeOf(each)]), [0, 0], [rows, 1]), [rows]);
