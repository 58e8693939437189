import type { Coefficient, Params, PlainParams, PlainTensor, Shape, Tensor } from '../../tensor/index.ts';
import type { ScoreNet } from '../contract.ts';

/** A network that classifies noisy samples: a pure function of its weights. */
export interface ClassifierNet extends Pick<ScoreNet, 'drops'> {
  /** The name in errors. */
  readonly name: string;
  /** K */
  readonly classes: number;
  /** Fresh weights, which give every class the same probability; the draw is keyed by `seed` alone. */
  init(seed: number): PlainParams;
  /** Logits of the classes: x [B, ...D] of unit scale, log(std/scale) [B] or [1] → [B, K]. */
  apply(params: Params, x: Tensor, condition: Tensor, masks?: readonly Tensor[]): Tensor;
}

/**
 * A classifier of noisy data, bound to a forward SDE: a trained network or a closed form. Its score
 * ∇log p(k | x_t) guides a model of p(x) to a class.
 */
export interface Classifier {
  /** The name in errors. */
  readonly name: string;
  /** The shape of one sample, [...D]. */
  readonly shape: Shape;
  /** K */
  readonly classes: number;
  /** Constants of the programs that evaluate it, in the order in which `logProbabilities` takes them. */
  readonly weights: readonly PlainTensor[];
  /** log p(k | x_t) of every class in nats: x_t [B, ...D] in model units, t → [B, K]. */
  logProbabilities(weights: readonly Tensor[], x: Tensor, t: Coefficient): Tensor;
}
