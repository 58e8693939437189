import { type Options, type Solver, withDefaults } from '../src/plugin.ts';
import { requireEta, requireOrder } from './frames/data-prediction.ts';
import { predictCorrect } from './frames/predict-correct.ts';

const defaults = {
  /** Number of network outputs in the predictor: 1, 2 or 3. Default 2. */
  order: 2,
  /** η = τ², the share of noise: 0 is the probability flow, 1 the reverse SDE. Default 1. */
  eta: 1,
};

/**
 * SA-Solver (Xue et al. 2023): stochastic Adams predictor and corrector on
 * x_s = (σ_s/σ_t)e^{−τ²h}·x_t + α_s∫(1 + τ²)e^{(1+τ²)(λ − λ_s)} x̂ dλ + σ_s√(1 − e^{−2τ²h})·z with constant
 * τ² = η. Predictor and corrector share their noise. The predictor uses `order` network outputs, the
 * corrector one more. η = 1 (default) is the reverse SDE. Weak order 2, one evaluation a step.
 */
export function saSolver(options: Options<typeof defaults> = {}): Solver {
  const { order, eta } = withDefaults('sa-solver', defaults, options);
  requireOrder('sa-solver', order);
  requireEta('sa-solver', eta);
  return predictCorrect('sa-solver', order, eta === 0 ? Math.min(order + 1, 3) : 2, eta);
}
