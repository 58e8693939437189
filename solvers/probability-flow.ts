import { type Options, type Solver, withDefaults } from '../src/plugin.ts';
import { rk45 } from './rk45.ts';

/**
 * The probability-flow ODE of Song et al. (2021, section 4.3) solved with adaptive steps, as their paper does: the method is
 * `rk45`, the name is that of the family, to which every solver without noise belongs.
 */
export function probabilityFlow(options: Options<Record<never, never>> = {}): Solver {
  withDefaults('probability-flow', {}, options);
  return Object.freeze({ ...rk45(), name: 'probability-flow' });
}
