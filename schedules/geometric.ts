import { type Options, requireBetween, type SigmaSchedule, withDefaults } from '../src/plugin.ts';

const defaults = {
  /** σ(0), in the units of the model, above 0. Default 0.01. */
  sigmaMin: 0.01,
  /** σ(1), in the units of the model, above `sigmaMin`. Default 50. */
  sigmaMax: 50,
};

/**
 * σ(t) = σ_min(σ_max/σ_min)^t, the geometric levels of NCSN in continuous time (Song et al. 2021, eq. 30);
 * dσ²/dt = 2σ² log(σ_max/σ_min). The defaults 0.01 and 50 are meant for data in [0, 1]. Choose σ_max about as
 * large as the largest distance between two data points, and σ_min well below the smallest detail.
 */
export function geometric(options: Options<typeof defaults> = {}): SigmaSchedule {
  const { sigmaMin, sigmaMax } = withDefaults('geometric', defaults, options);
  requireBetween('geometric', 'sigmaMin', sigmaMin, 0);
  requireBetween('geometric', 'sigmaMax', sigmaMax, sigmaMin);
  const growth = Math.log(sigmaMax / sigmaMin);
  const sigma = (t: number) => sigmaMin * (sigmaMax / sigmaMin) ** t;
  return Object.freeze({
    kind: 'sigma',
    name: 'geometric',
    spec: Object.freeze({ name: 'geometric', sigmaMin, sigmaMax }),
    sigma,
    dSigma2: (t: number) => 2 * sigma(t) ** 2 * growth,
  });
}
