import type { Spec } from '../sde/contract.ts';
import type { Coefficient, Params, PlainParams, PlainTensor, Shape, Tensor } from '../tensor/index.ts';
import type { Base } from './base.ts';

/** What a network's output predicts, at x_t = scale·x₀ + std·ε. */
export type Prediction = 'score' | 'noise' | 'data' | 'velocity';

/**
 * A network F(x, c): a pure function of its weights. Its inputs have unit scale, with one conditioning number
 * for each sample.
 */
export interface ScoreNet {
  /** The name in errors. */
  readonly name: string;
  /** What F predicts. */
  readonly predicts: Prediction;
  /**
   * For a network from a file: its description in a stored run. Absent for a network that the user supplied
   * as functions.
   */
  readonly spec?: Spec;
  /** Fresh weights; the draw is keyed by `seed` alone. */
  init(seed: number): PlainParams;
  /** For a class-conditional network: the number K of classes. */
  readonly classes?: number;
  /** For a network that answers questions about rows of D numbers: true. It then takes a context. */
  readonly conditional?: true;
  /**
   * x: [B, ...D], condition: [B], or [1] if the batch shares one time → [B, ...D]. With `classes` it also
   * takes the label, one-hot over the K classes and, last, "no label": [B, K + 1], or [1, K + 1] if the batch
   * shares one label. In training with `drops` it also takes a mask for each of them, [B, ...shape].
   * With `conditional` it takes a context, [B, 3·D] or [1, 3·D]: the known values (0 elsewhere), 1 for each
   * known coordinate, and 1 for each absent one.
   */
  apply(
    params: Params,
    x: Tensor,
    condition: Tensor,
    label?: Tensor,
    masks?: readonly Tensor[],
    context?: Tensor,
  ): Tensor;
  /**
   * For an energy-based network, F = ∂e/∂x: the potential e(x, c), [B], and F from one pass. It takes what
   * `apply` takes.
   */
  potential?(
    params: Params,
    x: Tensor,
    condition: Tensor,
    label?: Tensor,
  ): {
    /** e(x, c), [B]. */
    readonly potential: Tensor;
    /** F = ∂e/∂x, [B, ...D]. */
    readonly gradient: Tensor;
  };
  /** Dropout in training: the share, and the shapes of the features of one sample, in order. */
  readonly drops?: {
    /** Part of the features that is dropped, 0 to 1. */
    readonly share: number;
    /** The shape of each masked feature, without the batch. */
    readonly shapes: readonly Shape[];
  };
}

/**
 * How to convert a raw prediction F to the noise: E[ε | x_t] = a·x_t + b·F. Both in float64, for one time.
 */
export interface NoiseForm {
  /** The coefficient of x_t. */
  readonly a: number;
  /** The coefficient of F. */
  readonly b: number;
}

/**
 * A model of ∇ log p_t bound to a forward SDE: a trained network or a closed form. Every quantity that a
 * solver needs (score, noise, data, flow) is a linear combination of x_t and `raw`; the host computes the
 * coefficients.
 */
export interface ScoreModel {
  /** The name in errors. */
  readonly name: string;
  /** The shape of one sample, [...D]. */
  readonly shape: Shape;
  /** Constants of the programs that evaluate the model, in the order in which `raw` takes them. */
  readonly weights: readonly PlainTensor[];
  /**
   * For a class-conditional model: the number K of classes. The last of `weights` is then the label, one-hot
   * over K + 1: [1, K + 1] or, in training, [B, K + 1]. It enters every program like a weight, so programs
   * need no special case.
   */
  readonly classes?: number;
  /**
   * For a conditional model: the place in `weights` of its context, `[1, W]` or, in training, `[B, W]`. F is
   * 0 for coordinates that are not generated, so they follow N(0, 1) by themselves.
   */
  readonly contextAt?: number;
  /** `[rows, D]`: 1 for each coordinate that is generated. Absent if all are. */
  generated?(weights: readonly Tensor[], rows: number): Tensor;
  /** The contexts of samples first … first + rows. They are passed behind the weights. */
  context?(first: number, rows: number): PlainTensor;
  /** Evaluations of the network in one call of `raw`; default 1. */
  readonly evaluations?: number;
  /** The least standard deviation, in any direction, of the law that the network corrects. */
  readonly thinnest?: number;
  /** The law of x₀, for a model that is exactly a mixture of Gaussians. */
  readonly law?: Base;
  /** [B, ...D], t → [B, ...D] */
  raw(weights: readonly Tensor[], x: Tensor, t: Coefficient): Tensor;
  /**
   * Only for a model that knows its density: `raw` and the energy E(x, t) = −log p_t(x) + const, [B], from
   * one pass. The constant may depend on t.
   */
  rawAndEnergy?(
    weights: readonly Tensor[],
    x: Tensor,
    t: Coefficient,
  ): {
    /** As of `raw`, [B, ...D]. */
    readonly raw: Tensor;
    /** E(x, t), [B]. */
    readonly energy: Tensor;
  };
  /** How to convert `raw` to the noise at time t. */
  noiseForm(t: number): NoiseForm;
  /**
   * Whether `a` of `noiseForm` is 0 at all times, as for predictions of noise or score: x is then not needed.
   */
  readonly direct?: boolean;
}
