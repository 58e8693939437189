import { type Options, requireBetween, type SigmaSchedule, withDefaults } from '../src/plugin.ts';

const defaults = {
  /** σ(0), in the units of the model, above 0. Default 0.01. */
  sigmaMin: 0.01,
  /** σ(1), in the units of the model, above `sigmaMin`. Default 50. */
  sigmaMax: 50,
};

/** σ(t) = σ_min + t(σ_max − σ_min), dσ²/dt = 2σ(t)(σ_max − σ_min). Defaults 0.01 and 50. */
export function linearSigma(options: Options<typeof defaults> = {}): SigmaSchedule {
  const { sigmaMin, sigmaMax } = withDefaults('linear-sigma', defaults, options);
  requireBetween('linear-sigma', 'sigmaMin', sigmaMin, 0);
  requireBetween('linear-sigma', 'sigmaMax', sigmaMax, sigmaMin);
  const slope = sigmaMax - sigmaMin;
  const sigma = (t: number) => sigmaMin + t * slope;
  return Object.freeze({
    kind: 'sigma',
    name: 'linear-sigma',
    spec: Object.freeze({ name: 'linear-sigma', sigmaMin, sigmaMax }),
    sigma,
    dSigma2: (t: number) => 2 * sigma(t) * slope,
  });
}
