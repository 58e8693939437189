import { usage } from '../../errors.ts';
import type { Observation } from '../../measure/observation.ts';
import type { ScoreModel } from '../../score/contract.ts';
import type { Sde } from '../../sde/contract.ts';
import { transition } from '../../sde/transition.ts';
import {
  add,
  combine,
  concat,
  mul,
  reshape,
  sizeOf,
  slice,
  sub,
  sum,
  type Tensor,
  transpose,
} from '../../tensor/index.ts';
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
 * Particles as one tensor [K, width]: x_t, x̂ and ∇log p̃ at x_t, in few dimensions also the covariance
 * V of x₀ given x_t. Then come log p̃(y | x_t) and the change of the log-weight in the last step.
 */
export interface Kernel {
  /** Constants of the programs. */
  readonly weights: ScoreModel['weights'];
  /** Numbers of a particle. */
  readonly width: number;
  /** Evaluations of the network, forward or backward, at one x_t. */
  readonly evaluations: number;
  /** Steps that its error allows: the default. */
  readonly steps: number;
  /** The first state of particles x_T: [K, ...D] → [K, width]. Their log-weights are log p̃(y | x_T). */
  begin(weights: readonly Tensor[], x: Tensor, t: number): Tensor;
  /** One step from t to s with noise z, [K, D]. */
  step(weights: readonly Tensor[], state: Tensor, z: Tensor, t: number, s: number): Tensor;
  /** E[x₀ | x_t, y] of the guided model: [K, width] → [K, ...D]. */
  finish(state: Tensor, t: number): Tensor;
}

/**
 * The twisted kernel (Wu et al. 2023): p(x_s | x_t) ≈ N(m, C), its mean moved to m + C·g, g = ∇log p̃(y |
 * x_t). m = keep·x_t + gain·x̂ is exact. C = v·I + gain²·V, with v of the ancestral step and V =
 * (σ²/α)·∂x̂/∂x_t, is the exact covariance. It takes D products with the network. Beyond 16 dimensions,
 * C = v·I; so it is where twice as many steps with C = v·I cost less.
 *
 * The log-weight changes by log N(x_s; m, C) − log N(x_s; m + C·g, C), which is −g·C^½z − ½gᵀCg, and by
 * log p̃(y | x_s) − log p̃(y | x_t).
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
  const look = statesOf(sde, model, observation, guidance, full);
  const head = 3 * size + (full ? size * size : 0);
  const part = (state: Tensor, k: number) => slice(state, [0, k * size], [state.shape[0]!, size]);
  return Object.freeze({
    weights: [...model.weights, ...observation.weights],
    width: head + 2,
    evaluations: (model.evaluations ?? 1) * (full ? 1 + size : own),
    steps: full ? FEW_STEPS : MORE_STEPS,
    begin(weights: readonly Tensor[], x: Tensor, t: number) {
      const { parts, logLikelihood } = look(weights, x, t);
      return join(parts, logLikelihood, logLikelihood);
    },
    step(weights: readonly Tensor[], state: Tensor, z: Tensor, t: number, s: number) {
      const rows = state.shape[0]!;
      const [x, clean, gradient] = [part(state, 0), part(state, 1), part(state, 2)];
      const { keep, gain, std } = ancestralStep(sde, t, s);
      const V = () => reshape(slice(state, [0, 3 * size], [rows, size * size]), [rows, size, size]);
      const { noise, pull, square } = full
        ? colouredNoise(V(), gain * gain, std * std, z, gradient)
        : isotropicNoise(std, z, gradient);
      const next = add(combine([keep, x], [gain, clean]), add(pull, noise));
      const { parts, logLikelihood } = look(weights, reshape(next, [rows, ...model.shape]), s);
      const before = reshape(slice(state, [0, head], [rows, 1]), [rows]);
      const moved = add(sum(mul(gradient, noise), [1]), mul(square, 0.5));
      return join(parts, logLikelihood, sub(sub(logLikelihood, before), moved));
    },
    finish(state: Tensor, t: number) {
      const clean = combine([1, part(state, 1)], [secondMoment(sde, t), part(state, 2)]);
      return reshape(clean, [state.shape[0]!, ...model.shape]);
    },
  });
}

/** x_t, x̂, the gradient and, if `full`, V, each [K, …]; and log p̃. */
function statesOf(sde: Sde, model: ScoreModel, observation: Observation, guidance: Guidance, full: boolean) {
  requireUse(guidance, observation);
  const look = lookOf(guidance, observation);
  if (!guidance.twists || !look)
    throw usage(`The method "${guidance.name}" has no density to weigh particles by`, {
      where: 'twist',
      expected: 'mmps, pigdm or classifier',
    });
  const own = model.weights.length;
  const size = sizeOf(model.shape);
  return (weights: readonly Tensor[], x: Tensor, t: number) => {
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
    if (!known) return { parts, logLikelihood };
    const twice = add(known.jacobian, transpose(known.jacobian, [0, 2, 1]));
    const V = mul(mul(twice, 0.5), secondMoment(sde, t));
    return { parts: [...parts, reshape(V, [x.shape[0]!, size * size])], logLikelihood };
  };
}

function join(parts: readonly Tensor[], logLikelihood: Tensor, change: Tensor): Tensor {
  const rows = parts[0]!.shape[0]!;
  return concat([...parts, reshape(logLikelihood, [rows, 1]), reshape(change, [rows, 1])], 1);
}

/** x_s | x_t, x₀ ~ N(keep·x_t + gain·x₀, std²), DDPM's posterior between any two times. */
function ancestralStep(sde: Sde, t: number, s: number) {
  const [at, to] = [sde.marginal(t), sde.marginal(s)];
  const std = (to.std * transition(sde, s, t).std) / at.std;
  const keep = Math.sqrt(Math.max(0, (to.std - std) * (to.std + std))) / at.std;
  return { keep, gain: to.scale - at.scale * keep, std };
}
