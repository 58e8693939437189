import type { Program } from '../engine/contract.ts';
import { withContext } from '../score/context.ts';
import type { ScoreModel } from '../score/contract.ts';
import { coefficients } from '../sde/coefficients.ts';
import type { Sde } from '../sde/contract.ts';
import { logSnr, timeAtLogSnr } from '../sde/log-snr.ts';
import { combine, mul, square, sumPerSample } from '../tensor/index.ts';

/** The times of the samples first, first + 1, … of a call. */
export interface Times {
  readonly t: Float64Array;
  readonly first: number;
}

/** (x₀, ε) → ‖ε − ε̂(x_t, t)‖² of each row, ε̂ = a·x_t + b·F. */
export const squaredError =
  (sde: Sde, model: ScoreModel): Program<Times> =>
  (weights, [x0, noise], { t, first }) => {
    const [scale, std, ofNoise, ofData, ofRaw] = coefficients(time => {
      const at = sde.marginal(time);
      const { a, b } = model.noiseForm(time);
      return [at.scale, at.std, 1 - a * at.std, -a * at.scale, -b] as const;
    }, t);
    const all = withContext(model, weights, first, x0!.shape[0]!);
    const raw = model.raw(all, combine([scale, x0!], [std, noise!]), t);
    const error = combine([ofNoise, noise!], [ofData, x0!], [ofRaw, raw]);
    const generated = model.generated?.(all, x0!.shape[0]!);
    return [sumPerSample(square(generated ? mul(error, generated) : error))];
  };

/** The time whose λ lies at share u of the way from λ_T to λ₀. */
export function importantTime(sde: Sde, tMin: number, u: number): number {
  const [bottom, top] = [logSnr(sde, sde.tMax), logSnr(sde, tMin)];
  return Math.min(sde.tMax, Math.max(tMin, timeAtLogSnr(sde, bottom + u * (top - bottom))));
}

/**
 * scale²/(scale² + std²)·(‖ε‖² − D): the part of the error that only depends on the draw of ε, if the data
 * are a unit Gaussian.
 */
export function controlOf(
  sde: Sde,
  t: number,
  noise: Float32Array,
  row: number,
  size: number,
  generated: Float32Array | undefined,
): number {
  const { scale, std } = sde.marginal(t);
  let excess = 0;
  for (let i = row * size; i < (row + 1) * size; i++) if (generated?.[i] !== 0) excess += noise[i]! ** 2 - 1;
  return (scale ** 2 / (scale ** 2 + std ** 2)) * excess;
}

/** −KL(q(x_T|x) ‖ prior) + E log p(x|x₀): the two terms that need no network. */
export function endTerms(
  sde: Sde,
  tMin: number,
  size: number,
): (x: Float32Array, row: number, generated: Float32Array | undefined) => number {
  const [end, start] = [sde.marginal(sde.tMax), sde.marginal(tMin)];
  const prior = sde.prior.std;
  const perDimension =
    Math.log(end.std / prior) +
    (1 - (end.std / prior) ** 2) / 2 -
    0.5 * Math.log(2 * Math.PI * Math.E) -
    Math.log(start.std / start.scale);
  return (x, row, generated) => {
    let [count, square] = [0, 0];
    for (let i = row * size; i < (row + 1) * size; i++)
      if (generated?.[i] !== 0) [count, square] = [count + 1, square + x[i]! ** 2];
    return count * perDimension - square * 0.5 * (end.scale / prior) ** 2;
  };
}
