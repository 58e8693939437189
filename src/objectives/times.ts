import { unknownName, usage } from '../errors.ts';
import { mapInto } from '../files/numbers.ts';
import { fillNormal, fillUniform, key } from '../random/index.ts';
import type { Sde } from '../sde/contract.ts';
import { logSnr, timeAtLogSnr, timeAtNoise } from '../sde/log-snr.ts';
import { type ObjectiveOptions, timeLaws } from './contract.ts';

/** How training times are drawn, and how their law changes the weight of a sample. */
export interface TimeLaw {
  at(seed: number, step: number, batch: number): Float64Array;
  /**
   * The density of the uniform law divided by the density of this law; 1 if the law is part of the objective.
   */
  correction(t: number): number;
}

/** (u + i/B) mod 1: evenly spaced over [0, 1) around one random offset for each step. */
function even(seed: number, step: number, batch: number): Float64Array {
  const offset = new Float64Array(1);
  fillUniform(offset, key(seed, 'time'), { step, first: 0, size: 1 });
  return Float64Array.from({ length: batch }, (_, i) => (offset[0]! + i / batch) % 1);
}

/** t ~ U[from, T] */
function uniform(from: number, to: number): TimeLaw {
  return {
    at: (seed, step, batch) => even(seed, step, batch).map(u => from + (to - from) * u),
    correction: () => 1,
  };
}

/**
 * Density ∝ g²/std². Since dλ/dt = −g²/std² for λ = log(scale²/std²), its distribution function is linear in
 * λ: the law is uniform in the log signal-to-noise ratio, in closed form for every SDE.
 */
function importance(sde: Sde, from: number): TimeLaw {
  const [top, bottom] = [logSnr(sde, from), logSnr(sde, sde.tMax)];
  const mean = (top - bottom) / (sde.tMax - from);
  return {
    at: (seed, step, batch) =>
      even(seed, step, batch).map(u =>
        Math.min(sde.tMax, Math.max(from, timeAtLogSnr(sde, bottom + u * (top - bottom)))),
      ),
    correction: t => mean * (sde.marginal(t).std / sde.diffusion(t)) ** 2,
  };
}

/** log(std/scale) ~ N(mean, spread²), clamped to the range of the SDE. */
function logNormal(sde: Sde, from: number, mean: number, spread: number): TimeLaw {
  const [top, bottom] = [logSnr(sde, from), logSnr(sde, sde.tMax)];
  return {
    at: (seed, step, batch) => {
      const z = new Float32Array(batch);
      fillNormal(z, key(seed, 'time'), { step, first: 0, size: 1 });
      return mapInto(new Float64Array(batch), z, value => {
        const level = Math.min(top, Math.max(bottom, -2 * (mean + spread * value)));
        return Math.min(sde.tMax, Math.max(from, timeAtLogSnr(sde, level)));
      });
    },
    correction: () => 1,
  };
}

/** The law that the options of a continuous objective choose. */
export function timeLaw(sde: Sde, options: ObjectiveOptions): TimeLaw {
  const { times = 'uniform', epsilon = 1e-5, logMean = -0.5, logStd = 1.2 } = options;
  if (!(epsilon > 0 && epsilon < sde.tMax)) {
    throw usage('the smallest training time is out of range', {
      where: 'epsilon',
      got: epsilon,
      expected: `between 0 and ${sde.tMax}`,
    });
  }
  if (options.sigma !== undefined) return atLevel(sde, options);
  if (times === 'uniform') return uniform(epsilon, sde.tMax);
  if (times === 'importance') return importance(sde, epsilon);
  if (times === 'log-normal') return logNormal(sde, epsilon, logMean, logStd);
  throw unknownName('law of training times', times, timeLaws);
}

/** The one time at which σ/α is `sigma`. */
function atLevel(sde: Sde, { sigma = 1, times }: ObjectiveOptions): TimeLaw {
  if (times !== undefined)
    throw usage('One noise level leaves no law of times to choose', {
      where: 'times',
      got: times,
      remedy: 'Leave out "times" or "sigma"',
    });
  return discreteLaw(Float64Array.of(timeAtNoise(sde, sigma, 'sigma')));
}

/** Each time of a discrete chain with equal probability. */
export function discreteLaw(times: Float64Array): TimeLaw {
  const last = times.length - 1;
  return {
    at: (seed, step, batch) =>
      even(seed, step, batch).map(u => times[Math.min(last, Math.floor(u * times.length))]!),
    correction: () => 1,
  };
}
