import { type Options, requireBetween, type SigmaSchedule, withDefaults } from '../src/plugin.ts';

const defaults = {
  /** σ(0), in the units of the model, above 0. Default 0.002. */
  sigmaMin: 0.002,
  /** σ(1), in the units of the model, above `sigmaMin`. Default 80. */
  sigmaMax: 80,
  /** ρ, above 0: σ^{1/ρ} is linear in t. Default 1. */
  rho: 1,
};

/**
 * EDM's noise levels (Karras et al. 2022, eq. 5 and table 1), σ from 0.002 to 80 over t in [0, 1]: σ(t) =
 * (σ_min^{1/ρ} + t(σ_max^{1/ρ} − σ_min^{1/ρ}))^ρ, dσ²/dt = 2ρ σ² · slope / σ^{1/ρ}.
 * With ρ = 1 (default) t is the paper's own time, σ = t, stretched onto [0, 1]: a step in t is a step in σ,
 * and the paper's grid is the Karras-ρ time grid. With ρ = 7 the uniform grid in t is the paper's grid, and
 * uniform training times favour low noise. The flow from one σ to another is the same for both.
 */
export function edm(options: Options<typeof defaults> = {}): SigmaSchedule {
  const { sigmaMin, sigmaMax, rho } = withDefaults('edm', defaults, options);
  requireBetween('edm', 'sigmaMin', sigmaMin, 0);
  requireBetween('edm', 'sigmaMax', sigmaMax, sigmaMin);
  requireBetween('edm', 'rho', rho, 0);
  const start = sigmaMin ** (1 / rho);
  const slope = sigmaMax ** (1 / rho) - start;
  const root = (t: number) => start + t * slope;
  return Object.freeze({
    kind: 'sigma',
    name: 'edm',
    spec: Object.freeze({ name: 'edm', sigmaMin, sigmaMax, rho }),
    sigma: (t: number) => root(t) ** rho,
    dSigma2: (t: number) => 2 * rho * slope * root(t) ** (2 * rho - 1),
  });
}
