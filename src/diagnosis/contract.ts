import type { Engine } from '../engine/contract.ts';
import type { ScoreModel } from '../score/contract.ts';
import type { Sde } from '../sde/contract.ts';
import type { PlainTensor } from '../tensor/index.ts';

/** What a model is measured against, in model units. */
export interface MeasureOptions {
  /** Where the programs run. */
  readonly engine: Engine;
  /** The forward SDE. */
  readonly sde: Sde;
  /** The model of its score. */
  readonly model: ScoreModel;
  /** Rows that the model was not trained on, [N, ...D]. */
  readonly fresh: PlainTensor;
  /** Rows that it was trained on, [M, ...D]; default: none are known. */
  readonly trained?: PlainTensor;
  /** The score of the data in closed form; default: unknown. */
  readonly exact?: ScoreModel;
  /** Number of noise levels, even in log(scale/std), 2 or more. Default 10. */
  readonly levels?: number;
  /** Times to measure at instead, from the least noise to the most. Default: those of `levels`. */
  readonly times?: readonly number[];
  /** Noisy points at each level, about. Default 2048. */
  readonly points?: number;
  /** Seed of the noise, a whole number from 0 to 2⁵³ − 1. Default 0. */
  readonly seed?: number;
  /** Stops the work. */
  readonly signal?: AbortSignal;
}

/** A mean with its standard error. */
export interface Mean {
  /** The mean. */
  readonly value: number;
  /** Its standard error over the points. */
  readonly error: number;
}

/** What is measured at one noise level. All losses are ‖·‖²/D in units of the noise. */
export interface LevelMeasures {
  /** The time. */
  readonly t: number;
  /** σ/α: the noise in standard deviations of the data. */
  readonly noise: number;
  /** ‖ε − ε̂‖²/D on fresh rows. */
  readonly loss: Mean;
  /** The same of the Gaussian with the moments of the data, which any model should beat. */
  readonly gaussian: Mean;
  /**
   * The same of a Parzen density: Gaussians around rows trained on, or around half of the fresh rows, of a
   * width that leaving one out prefers. Where the truth is unknown, for rows of up to 128 values.
   */
  readonly parzen?: Mean;
  /** `loss` less that of the better of the two, on the same noises. */
  readonly excess: Mean;
  /** The same as `loss` on the rows trained on, with the same noises. */
  readonly trained?: Mean;
  /** The loss that the true score leaves: the irreducible part. */
  readonly ideal?: Mean;
  /** ‖ε̂ − ε*‖²/D, the Fisher divergence to the truth times σ². */
  readonly fisher?: Mean;
  /** The same in the thirds of the points of low, middle and high density. */
  readonly regions?: readonly [low: number, middle: number, high: number];
  /**
   * E(uᵀJv − vᵀJu)²/2E((uᵀJv)² + (vᵀJu)²) of the Jacobian of ε̂: 0 for a gradient, 1 for a rotation. Absent
   * where D is 1.
   */
  readonly curl?: number;
  /** Standard deviation of one probe's estimate of ∇·ε̂ about its mean over probes, over D. */
  readonly divergence: number;
}

/** The measures of a model, from the least noise to the most. */
export interface Measures {
  /** One entry for each noise level. */
  readonly levels: readonly LevelMeasures[];
  /** Numbers in a sample, D. */
  readonly size: number;
  /**
   * ½∫ E‖ε̂ − ε*‖² dλ over the levels, in nats: with KL(p_T ‖ prior) a bound of KL(p ‖ model) (Song, Durkan,
   * Murray & Ermon 2021, thm. 1). Only where the truth is known, at two levels or more.
   */
  readonly divergenceBound?: number;
}

/** Something that is wrong with a model, in words. */
export interface Finding {
  /** Its kind. */
  readonly kind: 'undertrained' | 'memorised' | 'curl' | 'prior';
  /** What is wrong, where, with its numbers. */
  readonly what: string;
  /** What mends it. */
  readonly remedy: string;
}
