import type { GivenSpec } from '../../../measure/all.ts';
import type { GuidanceSpec } from '../../../registry/guidances.ts';

/** What is known of the samples, and how the question is answered. */
export interface GivenOptions {
  /**
   * What is known: a text such as `'a=1.5, b+2*c=3±0.1, d>0'`, a measurement, or a list of them, all in the
   * units of the data. Without it the samples are those of p(x).
   */
  readonly given?: GivenSpec;
  /**
   * `smc`, weighted particles; `importance`, weighted samples of a guided flow, for up to 64 values; or a
   * guidance: a name of `guidances`, with options or by value. Default: `smc`
   * with `mmps` as its twist for rows of up to 64 values and 16 measurements; else `mmps` up to 16
   * measurements, and `pigdm` beyond. A run that is a mixture of Gaussians answers linear questions in closed
   * form. If only classes of a classifier are given, `classifier` in their place.
   */
  readonly method?: 'smc' | 'importance' | GuidanceSpec;
  /**
   * Of `smc` and `importance`, the guidance that is corrected by weights. Default `mmps` up to 16
   * measurements, else `pigdm`; `classifier` if only classes of a classifier are given.
   */
  readonly twist?: GuidanceSpec;
  /** Of `smc` and `importance`, the samples of a population. Default 256. */
  readonly particles?: number;
  /** Of `smc` and `importance`, the independent populations. Default 4, or as many as `count` needs. */
  readonly populations?: number;
  /** w: the guidance is w·∇log p̃(y | x_t); a number, or a function of t. Default 1. Only of guidances. */
  readonly weight?: number | ((t: number) => number);
  /** Times between which the model is guided; default all. Only of guidances. */
  readonly interval?: readonly [from: number, to: number];
}

/** What log p(y) is the logarithm of. */
export interface EvidenceUnits {
  /**
   * A `probability`: of bounds, words, classes, and exact values on a grid. A `density`: of values that were
   * measured. Else a `weight`: the mean of a likelihood, or of powers of classes, which is neither.
   */
  readonly kind: 'probability' | 'density' | 'weight';
  /** Of a density: what it is per unit of, in the units of the data, such as `a` or `b+2*c`. */
  readonly per?: readonly string[];
}

/** How far an answer is to be trusted. */
export interface Certificate extends Partial<EvidenceUnits> {
  /** What answered the question, in words: `smc with mmps`. */
  readonly method: string;
  /** (Σw)²/Σw² of the particles; null for methods without weights. */
  readonly effectiveSampleSize: number | null;
  /** log p(y) in nats, of which `kind` says what it is; null for methods without weights. */
  readonly logEvidence: number | null;
  /**
   * 95 % interval of it: the scatter of populations and, where it was measured, the error of the grid; of
   * width 0 for an exact value.
   */
  readonly interval: readonly [low: number, high: number] | null;
  /** The number of populations. */
  readonly populations: number;
  /** What a reader of the answer has to know. */
  readonly warnings: readonly string[];
}
