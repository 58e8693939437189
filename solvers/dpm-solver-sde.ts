import { type Options, type Solver, withDefaults } from '../src/plugin.ts';
import { dataStep, requireEta, requireOrder } from './frames/data-prediction.ts';
import { multistep } from './frames/multistep.ts';

const defaults = {
  /** Number of network outputs for the extrapolation of the data: 1, 2 or 3. Default 2. */
  order: 2,
  /** η, the share of noise: 0 is the probability flow, 1 the reverse SDE. Default 1. */
  eta: 1,
};

/**
 * SDE-DPM-Solver++ (Lu et al. 2022b, eq. 19; the samplers known as DPM++ 2M SDE and 3M SDE): with h = λ_s −
 * λ_t,
 * x_s = (σ_s/σ_t)e^{−ηh}·x_t + α_s(1 − e^{−(1+η)h})·x̂ + σ_s√(1 − e^{−2ηh})·z, where x̂ is extrapolated from
 * `order` network outputs.
 * η = 1 (default) is the reverse SDE, η = 0 the probability flow. With noise the weak order equals `order` up
 * to 2; beyond that, the noise of the Brownian path limits it. One evaluation a step.
 */
export function dpmSolverSde(options: Options<typeof defaults> = {}): Solver {
  const { order, eta } = withDefaults('dpm-solver++-sde', defaults, options);
  requireOrder('dpm-solver++-sde', order);
  requireEta('dpm-solver++-sde', eta);
  return multistep({
    name: 'dpm-solver++-sde',
    order: eta === 0 ? order : Math.min(order, 2),
    depth: order,
    field: 'data',
    grid: 'log-snr',
    noise: eta === 0 ? 'none' : 'brownian',
    linear: (sde, t, s, nodes) => dataStep(sde, t, s, nodes, eta),
  });
}
