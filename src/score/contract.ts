import type { Spec } from '../sde/contract.ts';
import type { Coefficient, Params, PlainParams, PlainTensor, Shape, Tensor } from '../tensor/index.ts';

/** What a network's output stands for, at x_t = scale·x₀ + std·ε. */
export type Prediction = 'score' | 'noise' | 'data' | 'velocity';

/** A network F(x, c): a pure function of its weights. It sees inputs of unit scale and a conditioning number a sample. */
export interface ScoreNet {
  /** What people call it; errors name it. */
  readonly name: string;
  /** What F stands for. */
  readonly predicts: Prediction;
  /** Of a network from a file: what a stored run says of it. Absent from one that its user handed over as functions. */
  readonly spec?: Spec;
  /** Fresh weights; the draw is keyed by `seed` alone. */
  init(seed: number): PlainParams;
  /** Where it is told classes: their number K. */
  readonly classes?: number;
  /**
   * x: [B, ...D], condition: [B], or [1] where the batch shares one time → [B, ...D]. With `classes` also the label, one-hot
   * over the K classes and, last, "no label": [B, K + 1], or [1, K + 1] where the batch shares one. In training with `drops`
   * also a mask for each of them, [B, ...shape].
   */
  apply(params: Params, x: Tensor, condition: Tensor, label?: Tensor, masks?: readonly Tensor[]): Tensor;
  /** What training drops of it: the share, and the shapes of the features of one sample, in order. */
  readonly drops?: {
    /** Part of the features that is dropped, 0 to 1. */
    readonly share: number;
    /** The shape of each masked feature, without the batch. */
    readonly shapes: readonly Shape[];
  };
}

/** How a raw prediction F becomes the noise: E[ε | x_t] = a·x_t + b·F. Both in float64, for one time. */
export interface NoiseForm {
  /** The coefficient of x_t. */
  readonly a: number;
  /** The coefficient of F. */
  readonly b: number;
}

/**
 * A model of ∇ log p_t bound to a forward SDE: a trained network or a closed form. Everything a solver asks for (score,
 * noise, data, flow) is a linear combination of x_t and `raw`, with coefficients worked out on the host.
 */
export interface ScoreModel {
  /** What people call it; errors name it. */
  readonly name: string;
  /** The form of one sample, [...D]. */
  readonly shape: Shape;
  /** Constants of the programs that ask for it, in the order that `raw` takes them. */
  readonly weights: readonly PlainTensor[];
  /**
   * Where it is told classes: their number K. The last of `weights` then is the label, one-hot over K + 1, [1, K + 1] or, in
   * training, [B, K + 1]; it enters every program as a weight does, and none has to know.
   */
  readonly classes?: number;
  /** Evaluations of the network in one call of `raw`; default 1. */
  readonly evaluations?: number;
  /** [B, ...D], t → [B, ...D] */
  raw(weights: readonly Tensor[], x: Tensor, t: Coefficient): Tensor;
  /** How `raw` becomes the noise at time t. */
  noiseForm(t: number): NoiseForm;
  /** Whether `a` of `noiseForm` is 0 at all times, as it is where noise or score are predicted: x then need not be brought in. */
  readonly direct?: boolean;
}
