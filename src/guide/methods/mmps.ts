import { usage } from '../../errors.ts';
import type { Observation } from '../../measure/observation.ts';
import { type Options, withDefaults } from '../../sde/options.ts';
import { byConjugateGradients } from '../conjugate-gradients.ts';
import type { Guidance, GuidanceArguments } from '../contract.ts';
import { byRows } from '../rows.ts';

const defaults = {
  /**
   * Steps of conjugate gradients if there are more than 16 measurements, a whole number above 0. Default 5.
   */
  iterations: 5,
};

/** Up to this number of measurements, their covariance is computed row by row and solved exactly. */
const MOST_ROWS = 16;

/**
 * Moment matching (Rozet et al. 2024): x₀ | x_t ≈ N(x̂, V) with V = (σ²/α)·J, J = ∂x̂/∂x_t, which is its
 * exact covariance (Tweedie's second moment). So p̃(y | x_t) = N(y; h(x̂), R + AVAᵀ) is exact for Gaussian
 * data. Up to 16 measurements, A·J is one product of the network with as many rows. For more, conjugate
 * gradients take one product in each iteration, and there is no density p̃.
 */
export function mmps(options: Options<typeof defaults> = {}): Guidance {
  const { iterations } = withDefaults('mmps', defaults, options);
  if (!(Number.isInteger(iterations) && iterations > 0))
    throw usage('option "iterations" is out of range', {
      where: 'mmps',
      got: iterations,
      expected: 'a whole number above 0',
    });
  return Object.freeze({
    name: 'mmps',
    twists: true,
    differentiates: true,
    cost: (observation: Observation) =>
      observation.count <= MOST_ROWS ? rowsOf(observation) : iterations + 1,
    refuses: (observation: Observation) =>
      observation.count > MOST_ROWS && !(observation.linear && observation.bounds.low.length === 0)
        ? `at most ${MOST_ROWS} measurements, where some are bounds or not linear`
        : undefined,
    look: (args: GuidanceArguments) =>
      args.observation.count <= MOST_ROWS ? byRows(args) : byConjugateGradients(args, iterations),
  } satisfies Guidance);
}

const rowsOf = ({ count, densities }: Observation) => count + (densities.length > 0 ? 1 : 0);
