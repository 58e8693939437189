import {
  coefficients,
  combine,
  type Options,
  type Sde,
  type Solver,
  timeAtLogSnr,
  withDefaults,
} from '../src/plugin.ts';
import { dataStep, requireOrder } from './frames/data-prediction.ts';
import { lambda, phi } from './frames/exponential.ts';
import { multistep } from './frames/multistep.ts';

const defaults = {
  /** Order of the method: 1, 2 or 3. Default 2. */
  order: 2,
  /**
   * Whether a step makes `order` evaluations of its own (2S, 3S) instead of reusing earlier ones. Default
   * false.
   */
  singlestep: false,
};

/**
 * DPM-Solver++ (Lu et al. 2022b): exponential integrators of the probability flow in λ = log(α/σ). A
 * polynomial approximates the predicted data x̂ in x_s = (σ_s/σ_t)·x_t + σ_s∫e^λ x̂ dλ. With h = λ_s − λ_t,
 * order 1 (DDIM) is (σ_s/σ_t)x − α_s(e^{−h} − 1)x̂.
 *
 * `order` 1, 2 (default) or 3. Multistep by default, one evaluation a step. Order 2 is the published 2M.
 * Order 3 integrates the quadratic through three network outputs exactly, with one more evaluation in its
 * first step (the published 3M halves its last term and stays of order 2). `singlestep`: the published 2S and
 * 3S, `order` evaluations a step.
 */
export function dpmSolver(options: Options<typeof defaults> = {}): Solver {
  const { order, singlestep: single } = withDefaults('dpm-solver++', defaults, options);
  requireOrder('dpm-solver++', order);
  if (single && order > 1) return order === 2 ? singlestep2() : singlestep3();
  const name = 'dpm-solver++';
  return multistep({
    name,
    order,
    depth: order,
    field: 'data',
    noise: 'none',
    grid: 'log-snr',
    linear: dataStep,
  });
}

/** A fraction of the step from t to s in λ: time, σ ratio, and α·(1 − e^{−h}) there. */
function along(sde: Sde, t: number, s: number, part: number) {
  const start = lambda(sde, t);
  const h = part * (lambda(sde, s) - start);
  const time = part === 1 ? s : timeAtLogSnr(sde, 2 * (start + h));
  const { scale, std } = sde.marginal(time);
  return { time, h, scale, keep: std / sde.marginal(t).std, gain: -scale * Math.expm1(-h) };
}

function singlestep2(): Solver {
  return Object.freeze({
    name: 'dpm-solver++',
    order: 2,
    noise: 'none',
    grid: 'log-snr',
    evaluationsPerStep: 2,
    step({ problem, x, t, s }) {
      const [middle, keep1, gain1, keep, gain] = coefficients(
        (t, s) => {
          const [half, full] = [along(problem.sde, t, s, 0.5), along(problem.sde, t, s, 1)];
          return [half.time, half.keep, half.gain, full.keep, full.gain];
        },
        t,
        s,
      );
      const x1 = combine([keep1, x], [gain1, problem.data(x, t)]);
      return { x: combine([keep, x], [gain, problem.data(x1, middle)]) };
    },
  } satisfies Solver);
}

function singlestep3(): Solver {
  return Object.freeze({
    name: 'dpm-solver++',
    order: 3,
    noise: 'none',
    grid: 'log-snr',
    evaluationsPerStep: 3,
    step({ problem, x, t, s }) {
      const third = coefficients((t, s) => stage(problem.sde, t, s, 1 / 3, 0), t, s);
      const twoThirds = coefficients((t, s) => stage(problem.sde, t, s, 2 / 3, 2), t, s);
      const whole = coefficients((t, s) => stage(problem.sde, t, s, 1, 3 / 2), t, s);
      const m0 = problem.data(x, t);
      const m1 = problem.data(combine([third[1], x], [third[2], m0]), third[0]);
      const m2 = problem.data(
        combine([twoThirds[1], x], [twoThirds[2], m0], [twoThirds[3], m1]),
        twoThirds[0],
      );
      return { x: combine([whole[1], x], [whole[2], m0], [whole[3], m2]) };
    },
  } satisfies Solver);
}

/**
 * A stage whose slope is `steep` times the difference of two network outputs: its time, and the factors of x,
 * m₀ and mⱼ.
 */
function stage(sde: Sde, t: number, s: number, part: number, steep: number) {
  const { time, h, scale, keep, gain } = along(sde, t, s, part);
  const slope = steep * scale * h * phi(2, -h);
  return [time, keep, gain - slope, slope] as const;
}
