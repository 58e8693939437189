import {
  type Options,
  requireSigma,
  requireTimes,
  type Sde,
  type SigmaSchedule,
  smoothnessOf,
  specOf,
  withDefaults,
} from '../src/plugin.ts';

const defaults = {
  /** Where sampling stops, in (0, 1). Default 1e-5. */
  tMin: 1e-5,
  /** If true, std² is σ²(t) − σ²(0), the variance of the SDE itself, instead of σ²(t). Default false. */
  exactVariance: false,
};

/**
 * The variance-exploding SDE, the continuous NCSN (Song et al. 2021, eq. 9): dx = √(dσ²/dt) dw.
 * scale = 1 and std = σ(t), as in the published code: at t = 0 the data already carry noise σ(0). With
 * `exactVariance` they carry none, and std = √(σ²(t) − σ²(0)), the variance of the SDE itself (eq. 29). Prior
 * N(0, std(1)² I). `tMin` (default 1e-5) is where sampling stops.
 */
export function ve(schedule: SigmaSchedule, options: Options<typeof defaults> = {}): Sde {
  requireSigma('ve', schedule);
  const { tMin, exactVariance } = withDefaults('ve', defaults, options);
  const start = exactVariance ? schedule.sigma(0) : 0;
  const std = (t: number) => {
    const sigma = schedule.sigma(t);
    return start === 0 ? sigma : Math.sqrt((sigma - start) * (sigma + start));
  };
  requireTimes('ve', tMin, 1, std);
  return Object.freeze({
    name: 've',
    ...specOf('ve', schedule, { tMin, exactVariance }),
    ...smoothnessOf(schedule),
    tMin,
    tMax: 1,
    rate: () => 0,
    diffusion: (t: number) => Math.sqrt(schedule.dSigma2(t)),
    marginal: (t: number) => ({ scale: 1, std: std(t) }),
    prior: Object.freeze({ std: std(1) }),
  });
}
