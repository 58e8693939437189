import { usage } from '../../errors.ts';
import { logSumExp } from '../../math/log-sum.ts';
import { fillUniform, key } from '../../random/index.ts';
import { coefficients } from '../../sde/coefficients.ts';
import type { Sde } from '../../sde/contract.ts';
import {
  add,
  type Coefficient,
  combine,
  div,
  log,
  matmul,
  mul,
  reshape,
  type Shape,
  softmax,
  sub,
  sum,
  sumPerSample,
  type Tensor,
} from '../../tensor/index.ts';
import { logTotal } from '../log-total.ts';
import { plainTensor, requireFinite, requireLength, shapeOf } from './checks.ts';
import type { AnalyticModel } from './contract.ts';
import { logDiffused } from './density.ts';
import { normals } from './gaussian.ts';

/** The distribution Σₖ weights[k]·N(means[k], stds[k]²). */
export interface MixtureOptions {
  /** Probabilities of the K components; scaled to sum to 1. Equal by default. */
  readonly weights?: readonly number[];
  /** K rows of D values. */
  readonly means: readonly (readonly number[])[];
  /** Standard deviation: one for all, one for each component, or D for each component; 0 is a point. */
  readonly stds: number | readonly (number | readonly number[])[];
  /** The shape of one sample; a flat row by default. */
  readonly shape?: Shape;
}

interface Components {
  readonly logWeights: readonly number[];
  readonly means: readonly (readonly number[])[];
  readonly variances: readonly (readonly number[])[];
}

/**
 * Mixture data Σ_k w_k N(m_k, diag s_k²) under `sde`: p_t is the mixture of N(scale·m_k, scale²s_k² + std²),
 * so E[ε | x_t = x] = std·Σ_k r_k(x)·(x − scale·m_k)/(scale²s_k² + std²), with r_k the posterior weight of
 * component k.
 */
export function mixtureModel(options: MixtureOptions, sde: Sde): AnalyticModel {
  const parts = componentsOf(options);
  const { means, variances, logWeights } = parts;
  const size = means[0]!.length;
  const shape = shapeOf('mixtureModel', size, options.shape);
  const first = variances[0]![0]!;
  const alike = variances.every(row => row.every(value => value === first));
  return Object.freeze({
    name: 'mixture',
    shape,
    ...(alike ? sharedVariance(parts, first, sde) : ownVariance(parts, sde)),
    noiseForm: () => ({ a: 0, b: 1 }),
    direct: true,
    logDensity: (x: ArrayLike<number>, t: number) => {
      const marginal = sde.marginal(t);
      return logSumExp(
        means.map((m, k) => logWeights[k]! + logDiffused(x, m, i => variances[k]![i]!, marginal)),
      );
    },
    sample: (count: number, seed: number) => ({
      data: draw(parts, count, size, seed),
      shape: [count, ...shape],
    }),
  });
}

interface Form extends Pick<AnalyticModel, 'weights' | 'raw'> {
  readonly rawAndEnergy: NonNullable<AnalyticModel['rawAndEnergy']>;
}

/**
 * One variance v for all components: the posterior weights are softmax_k(log w_k + (scale·y·c_k −
 * ½scale²|c_k|²)/v), and the noise is std·(y − scale·Σ r_k c_k)/v. y and c_k are measured from the mean of
 * the centres, to limit cancellation.
 */
function sharedVariance({ means, logWeights }: Components, variance: number, sde: Sde): Form {
  const size = means[0]!.length;
  const middle = means[0]!.map((_, i) => means.reduce((total, row) => total + row[i]!, 0) / means.length);
  const centers = means.map(row => row.map((value, i) => value - middle[i]!));
  const squares = centers.map(row => -0.5 * row.reduce((total, value) => total + value * value, 0));
  const parts = ([origin, center, square, weight]: readonly Tensor[], x: Tensor, t: Coefficient) => {
    const [scale, pull, bias, gain, back, half] = coefficients(time => {
      const marginal = sde.marginal(time);
      const total = marginal.scale ** 2 * variance + marginal.std ** 2;
      const gain = marginal.std / total;
      return [
        marginal.scale,
        marginal.scale / total,
        marginal.scale ** 2 / total,
        gain,
        -gain * marginal.scale,
        0.5 / total,
      ];
    }, t);
    const y = sub(reshape(x, [x.shape[0]!, size]), mul(origin!, scale));
    const logits = add(combine([pull, matmul(y, center!, false, true)], [bias, square!]), weight!);
    const raw = reshape(combine([gain, y], [back, matmul(softmax(logits), center!)]), x.shape);
    return { raw, y, logits, half };
  };
  const rawAndEnergy: Form['rawAndEnergy'] = (...at) => {
    const { raw, y, logits, half } = parts(...at);
    return { raw, energy: sub(mul(sumPerSample(mul(y, y)), half), logTotal(logits)) };
  };
  const weights = [
    plainTensor(middle, [1, size]),
    plainTensor(centers.flat(), [means.length, size]),
    plainTensor(squares, [1, means.length]),
    plainTensor(logWeights, [1, means.length]),
  ];
  return { weights, rawAndEnergy, raw: (...at) => parts(...at).raw };
}

/** Different variances: all distances at once, as [B, K, D]. */
function ownVariance({ means, variances, logWeights }: Components, sde: Sde): Form {
  const count = means.length;
  const size = means[0]!.length;
  const parts = ([center, variance, weight]: readonly Tensor[], x: Tensor, t: Coefficient) => {
    const [scale, shrink, std, power] = coefficients(time => {
      const marginal = sde.marginal(time);
      return [marginal.scale, marginal.scale ** 2, marginal.std, marginal.std ** 2];
    }, t);
    const batch = x.shape[0]!;
    const deviation = sub(reshape(x, [batch, 1, size]), mul(center!, scale));
    const total = add(mul(variance!, shrink), power);
    const pull = div(deviation, total);
    const logits = sub(weight!, mul(sum(add(mul(deviation, pull), log(total)), [2]), 0.5));
    const posterior = reshape(softmax(logits), [batch, count, 1]);
    const raw = reshape(mul(sum(mul(posterior, pull), [1]), std), x.shape);
    return { raw, logits };
  };
  const rawAndEnergy: Form['rawAndEnergy'] = (...at) => {
    const { raw, logits } = parts(...at);
    return { raw, energy: mul(logTotal(logits), -1) };
  };
  const weights = [
    plainTensor(means.flat(), [1, count, size]),
    plainTensor(variances.flat(), [1, count, size]),
    plainTensor(logWeights, [1, count]),
  ];
  return { weights, rawAndEnergy, raw: (...at) => parts(...at).raw };
}

/** The components of a mixture, checked: log-weights that sum to 1, means and variances. */
export function componentsOf({ weights, means, stds }: MixtureOptions): Components {
  const where = 'mixtureModel';
  const size = means[0]?.length ?? 0;
  if (size === 0) throw usage('a mixture needs at least one mean', { where });
  const values = weights ?? means.map(() => 1);
  const spread = typeof stds === 'number' ? means.map(() => stds) : stds;
  const rows = spread.map(row => (typeof row === 'number' ? new Array<number>(size).fill(row) : row));
  requireLength(where, 'weights', values, means.length);
  requireLength(where, 'stds', { length: rows.length }, means.length);
  requireFinite(where, 'weights', values, Number.MIN_VALUE);
  for (const [k, row] of rows.entries()) {
    requireLength(where, `stds[${k}]`, row, size);
    requireFinite(where, `stds[${k}]`, row, 0);
    requireLength(where, `means[${k}]`, means[k]!, size);
    requireFinite(where, `means[${k}]`, means[k]!);
  }
  const total = values.reduce((sum, weight) => sum + weight, 0);
  return {
    logWeights: values.map(weight => Math.log(weight / total)),
    means,
    variances: rows.map(row => row.map(value => value * value)),
  };
}

function draw(
  { logWeights, means, variances }: Components,
  count: number,
  size: number,
  seed: number,
): Float32Array {
  const data = normals(count, size, seed);
  const picks = new Float64Array(count);
  fillUniform(picks, key(seed, 'analytic/component'), { step: 0, size: 1 });
  for (let n = 0; n < count; n++) {
    let rest = picks[n]!;
    let k = 0;
    for (; k < means.length - 1; k++) {
      rest -= Math.exp(logWeights[k]!);
      if (rest < 0) break;
    }
    for (let i = 0; i < size; i++) {
      data[n * size + i] = means[k]![i]! + Math.sqrt(variances[k]![i]!) * data[n * size + i]!;
    }
  }
  return data;
}
