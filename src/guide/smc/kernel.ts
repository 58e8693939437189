import { usage } from '../../errors.ts';
import type { Observation } from '../../measure/observation.ts';
import type { ScoreModel } from '../../score/contract.ts';
import type { Sde } from '../../sde/contract.ts';
import { transition } from '../../sde/transition.ts';
import { add, combine, mul, reshape, sizeOf, sub, sum, type Tensor, transpose } from '../../tensor/index.ts';
import { cleanOf, secondMoment } from '../clean.ts';
import type { Guidance } from '../contract.ts';
import { argumentsOf, requireUse } from '../guided.ts';
import { withJacobian } from '../jacobian.ts';
import { lookOf } from '../noisy.ts';
import { colouredNoise, isotropicNoise } from './noise.ts';

/** Up to this number of dimensions, the kernel may have the exact second moment of x₀ given x_t. */
const MOST_DIMENSIONS = 16;
/** Default steps of a kernel with the exact second moment, and of one with the variance of a step alone. */
const [FEW_STEPS, MORE_STEPS] = [50, 100];

/**
 * Particles as tensors [K, ...]: x_t, x̂ and ∇log p̃ at x_t, [K, D], in few dimensions also the covariance
 * V of x₀ given x_t, [K, D, D], and last log p̃(y | x_t), [K].
 */
export type Parts = readonly Tensor[];

/** How particles begin, move and end. */
export interface Kernel {
  /** Constants of the programs. */
  readonly weights: ScoreModel['weights'];
  /** Evaluations of the network, forward or backward, at one x_t. */
  readonly evaluations: number;
  /** Steps that its error allows: the default. */
  readonly steps: number;
  /** Particles at x_T, [K, ...D], and their log-weights log p̃(y | x_T), [K]. */
  begin(weights: readonly Tensor[], x: Tensor, t: number): Moved;
  /** One step from t to s with noise z, [K, D]. */
  step(weights: readonly Tensor[], parts: Parts, z: Tensor, t: number, s: number): Moved;
  /** E[x₀ | x_t, y] of the guided model: [K, ...D]. */
  finish(parts: Parts, t: number): Tensor;
}

/** Particles that have moved, and the change of their log-weights, [K]. */
export interface Moved {
  readonly parts: Parts;
  readonly change: Tensor;
}

/**
 * The twisted kernel (Wu et al. 2023): p(x_s | x_t) ≈ N(m, C), its mean moved to m + C·g, g = ∇log p̃(y |
 * x_t). m = keep·x_t + gain·x̂ is exact. C = v·I + gain²·V is the exact covariance, with v of the
 * ancestral step and V = (σ²/α)·∂x̂/∂x_t. It takes D products with the network. Beyond 16 dimensions, and
 * where twice as many steps cost less, C = v·I.
 *
 * The log-weight changes by log p̃(y | x_s) − log p̃(y | x_t), and by log N(x_s; m, C) − log N(x_s; m +
 * C·g, C), which is −g·C^½z − ½gᵀCg.
 * @throws usage for a guidance without a density p̃
 */
export function twistedKernel(
  sde: Sde,
  model: ScoreModel,
  observation: Observation,
  guidance: Guidance,
): Kernel {
  const size = sizeOf(model.shape);
  const own = 1 + guidance.cost(observation);
  const full = size <= MOST_DIMENSIONS && FEW_STEPS * (1 + size) <= MORE_STEPS * own;
  const look = partsOf(sde, model, observation, guidance, full);
  return Object.freeze({
    weights: [...model.weights, ...observation.weights],
    evaluations: (model.evaluations ?? 1) * (full ? 1 + size : own),
    steps: full ? FEW_STEPS : MORE_STEPS,
    begin(weights: readonly Tensor[], x: Tensor, t: number) {
      const parts = look(weights, x, t);
      return { parts, change: parts.at(-1)! };
    },
    step(weights: readonly Tensor[], parts: Parts, z: Tensor, t: number, s: number) {
      const [x, clean, gradient] = parts as [Tensor, Tensor, Tensor];
      const { keep, gain, std } = ancestralStep(sde, t, s);
      const { noise, pull, square } = full
        ? colouredNoise(parts[3]!, gain * gain, std * std, z, gradient)
        : isotropicNoise(std, z, gradient);
      const next = add(combine([keep, x], [gain, clean]), add(pull, noise));
      const after = look(weights, reshape(next, [x.shape[0]!, ...model.shape]), s);
      const moved = add(sum(mul(gradient, noise), [1]), mul(square, 0.5));
      return { parts: after, change: sub(sub(after.at(-1)!, parts.at(-1)!), moved) };
    },
    finish([, clean, gradient]: Parts, t: number) {
      const guided = combine([1, clean!], [secondMoment(sde, t), gradient!]);
      return reshape(guided, [guided.shape[0]!, ...model.shape]);
    },
  });
}

/** The parts of particles at x_t, with V if `full`. */
function partsOf(sde: Sde, model: ScoreModel, observation: Observation, guidance: Guidance, full: boolean) {
  requireUse(guidance, observation);
  const look = lookOf(guidance, observation);
  if (!guidance.twists || !look)
    throw usage(`The method "${guidance.name}" has no density to weigh particles by`, {
      where: 'twist',
      expected: 'mmps, pigdm or classifier',
    });
  const own = model.weights.length;
  const size = sizeOf(model.shape);
  return (weights: readonly Tensor[], x: Tensor, t: number): Parts => {
    const args = argumentsOf(sde, model, observation, weights, own, x, t);
    const known = full ? withJacobian(args) : undefined;
    const { raw, gradient, logLikelihood } = look({ ...args, ...(known && { known }) });
    if (!logLikelihood)
      throw usage(`The method "${guidance.name}" has no density for so many measurements`, {
        where: observation.text,
        got: `${observation.count} measurements`,
        expected: 'pigdm as the twist, or at most 16 measurements',
      });
    const flat = (v: Tensor) => reshape(v, [v.shape[0]!, size]);
    const parts = [x, known?.clean ?? cleanOf(sde, model, x, raw, t), gradient].map(flat);
    if (!known) return [...parts, logLikelihood];
    const twice = add(known.jacobian, transpose(known.jacobian, [0, 2, 1]));
    return [...parts, mul(mul(twice, 0.5), secondMoment(sde, t)), logLikelihood];
  };
}

/** x_s | x_t, x₀ ~ N(keep·x_t + gain·x₀, std²), DDPM's posterior between any two times. */
function ancestralStep(sde: Sde, t: number, s: number) {
  const [at, to] = [sde.marginal(t), sde.marginal(s)];
  const std = (to.std * transition(sde, s, t).std) / at.std;
  const keep = Math.sqrt(Math.max(0, (to.std - std) * (to.std + std))) / at.std;
  return { keep, gain: to.scale - at.scale * keep, std };
}
