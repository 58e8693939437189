import { fillNormal, key } from '../random/index.ts';
import { combine, fromHost, sizeOf, type Tensor } from '../tensor/index.ts';
import { type RateOptions, rateAt } from './rate.ts';

/** Settings of stochastic gradient Langevin dynamics over weights. */
export interface SgldSettings {
  /** N, the rows that the posterior has seen. */
  readonly rows: number;
  /** τ, the variance of the targets that the likelihood assumes. */
  readonly temperature: number;
  /** Standard deviation of the prior of each weight. */
  readonly priorStd: number;
  /** γ of the steps ε ∝ (1 + k/b)^{−γ}. */
  readonly power: number;
  /** Draws of weights kept. */
  readonly draws: number;
}

/** Where a step is: its number, the seed of its noise, and D, the values of a sample. */
export interface SgldPlace {
  readonly step: number;
  readonly seed: number;
  readonly size: number;
}

/**
 * A step of stochastic gradient Langevin dynamics (Welling & Teh 2011, eq. 4) for the posterior
 * exp(−N·D·L(θ)/2τ)·N(θ; 0, priorStd²I), L the mean squared error: with r the learning rate and
 * ε = 4τr/(N·D),
 *
 *     θ ← θ − r·(∇L + 2τ/(N·D·priorStd²)·θ) + √ε·η,  η ~ N(0, I),
 *
 * which is θ + ½ε·∇log posterior + √ε·η. theta, gradient and the result: [n].
 */
export function sgldStep(
  theta: Tensor,
  gradient: Tensor,
  { step, seed, size }: SgldPlace,
  settings: SgldSettings & RateOptions,
): Tensor {
  const { rows, temperature, priorStd } = settings;
  const rate = rateAt(step, settings);
  const unit = (2 * temperature) / (rows * size);
  const count = sizeOf(theta.shape);
  const noise = new Float32Array(count);
  fillNormal(noise, key(seed, 'sgld'), { step, first: 0, size: count });
  return combine(
    [1 - (rate * unit) / priorStd ** 2, theta],
    [-rate, gradient],
    [Math.sqrt(2 * unit * rate), fromHost(noise, theta.shape)],
  );
}
