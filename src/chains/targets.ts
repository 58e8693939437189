import { usage } from '../errors.ts';
import type { ScoreModel } from '../score/contract.ts';
import type { Sde } from '../sde/contract.ts';
import { logSnr, timeAtLogSnr } from '../sde/log-snr.ts';
import { combine, fromHost, mul, type PlainTensor, type Shape, type Tensor, vjp } from '../tensor/index.ts';
import type { Target } from './contract.ts';

/**
 * The distribution p_t of a model at one noise level. Its levels are times, evenly spaced in log(scale/std),
 * from tMax to `at` (default: the SDE's tMin). A step of 1 is std(t), the least width that p_t can have.
 * @throws usage for a time that the SDE does not have, or without noise
 */
export function modelTarget(model: ScoreModel, sde: Sde, at: number = sde.tMin): Target {
  if (!(at <= sde.tMax && at >= 0 && sde.marginal(at).std > 0))
    throw usage('The model has no score at this time', {
      where: 'at',
      got: at,
      expected: `between ${sde.tMin} and ${sde.tMax}`,
    });
  const unit = (t: number) => sde.marginal(t).std;
  return Object.freeze({
    name: model.name,
    shape: model.shape,
    weights: model.weights,
    normed: model.rawAndEnergy !== undefined,
    look(weights: readonly Tensor[], x: Tensor, t: number) {
      const { a, b } = model.noiseForm(t);
      const { raw, energy } = model.rawAndEnergy?.(weights, x, t) ?? { raw: model.raw(weights, x, t) };
      const score = combine([-a / unit(t), x], [-b / unit(t), raw]);
      return { x, score, ...(energy && { logDensity: mul(energy, -1) }) };
    },
    unit,
    levels: (count: number) => {
      const [top, bottom] = [logSnr(sde, sde.tMax), logSnr(sde, at)];
      return Float64Array.from({ length: count }, (_, k) =>
        k === count - 1
          ? at
          : Math.max(at, timeAtLogSnr(sde, top + (k / Math.max(1, count - 1)) * (bottom - top))),
      );
    },
    spread: (t: number) => Math.hypot(sde.marginal(t).scale, unit(t)),
  });
}

/** A distribution known by its energy E(x) = −log p(x) + const. */
export interface EnergyOptions {
  /** The shape of one sample, [...D]. */
  readonly shape: Shape;
  /** x: [B, ...D] → E(x), [B], by operations that have derivatives. */
  energy(weights: readonly Tensor[], x: Tensor): Tensor;
  /** Constants of `energy`. Default: none. */
  readonly weights?: readonly PlainTensor[];
  /** The length in x of a step of 1: about the narrowest width of the distribution. Default 1. */
  readonly unit?: number;
  /** Standard deviation of the start of the chains. Default 1. */
  readonly spread?: number;
  /** The name in errors. Default `energy`. */
  readonly name?: string;
}

/** The least inverse temperature that annealing visits. */
const HOTTEST = 0.01;

/**
 * p ∝ exp(−E). Its score −∇E comes by differentiation, in one pass with E. Its levels are inverse
 * temperatures β of exp(−βE), geometric from 0.01 to 1. Widths there are 1/√β times those at 1.
 */
export function energyTarget(options: EnergyOptions): Target {
  const { shape, energy, weights = [], unit = 1, spread = 1, name = 'energy' } = options;
  return Object.freeze({
    name,
    shape,
    weights,
    normed: true,
    look(constants: readonly Tensor[], x: Tensor, beta: number) {
      const rows = x.shape[0]!;
      const ones = fromHost(new Float32Array(rows).fill(1), [rows]);
      const { value, product } = vjp(y => energy(constants, y), x, ones);
      return { x, score: mul(product, -beta), logDensity: mul(value, -beta) };
    },
    unit: (beta: number) => unit / Math.sqrt(beta),
    levels: (count: number) =>
      Float64Array.from({ length: count }, (_, k) =>
        k === count - 1 ? 1 : HOTTEST ** (1 - k / Math.max(1, count - 1)),
      ),
    spread: (beta: number) => spread / Math.sqrt(beta),
  });
}
