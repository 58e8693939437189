import { coefficients } from '../sde/coefficients.ts';
import type { Sde } from '../sde/contract.ts';
import {
  add,
  type Coefficient,
  combine,
  concat,
  fromHost,
  mul,
  opaque,
  type Params,
  reshape,
  sizeOf,
  slice,
  sumPerSample,
  type Tensor,
} from '../tensor/index.ts';
import { type Base, baseTensors, baseVelocity, logPosterior } from './base.ts';
import type { ScoreModel, ScoreNet } from './contract.ts';
import { shareOf } from './correction.ts';
import { spread } from './labels.ts';
import { logTotal } from './log-total.ts';
import { parameterise } from './parameterisation.ts';

type Potential = NonNullable<ScoreNet['potential']>;

/**
 * `rawAndEnergy` of a network with F = ∂e/∂x̂, x̂ = x/c. Since −std·score = a·x + b·F, the energy whose
 * gradient is −score is E(x, t) = (½a·‖x‖² + b·c·e(x̂))/std. With a base, e has its weight and E the energy
 * of the base.
 */
export function energetic(
  { predicts, classes }: ScoreNet,
  potential: Potential,
  names: readonly string[],
  sde: Sde,
  base?: Base,
): NonNullable<ScoreModel['rawAndEnergy']> {
  const { inputScale, condition, noiseForm } = parameterise(sde, predicts);
  return (weights: readonly Tensor[], x: Tensor, t: Coefficient) => {
    const rows = x.shape[0]!;
    const size = sizeOf(x.shape.slice(1));
    const [at, shrink, ofSquare, ofPotential, share] = coefficients(time => {
      const { a, b } = noiseForm(time);
      const { std } = sde.marginal(time);
      const scale = inputScale?.(time) ?? 1;
      const weight = base ? shareOf(sde, time) : 1;
      return [condition(time), scale, (0.5 * a) / std, (weight * b) / (std * scale), weight];
    }, t);
    const c = typeof at === 'number' ? Float64Array.of(at) : at;
    const inputs = [inputScale ? mul(x, shrink) : x, fromHost(c, [c.length])] as const;
    const label = classes === undefined ? undefined : spread(weights[names.length]!, rows);
    const inputsAndWeights = [...inputs, ...weights.slice(0, names.length), ...(label ? [label] : [])];
    // A network is one event with one result: both are its columns.
    const columns = opaque(potential, inputsAndWeights, () => {
      const params: Params = Object.fromEntries(names.map((name, i) => [name, weights[i]!]));
      const { potential: value, gradient } = potential(params, ...inputs, label);
      return concat([reshape(gradient, [rows, size]), reshape(value, [rows, 1])], 1);
    });
    const gradientPart = reshape(slice(columns, [0, 0], [rows, size]), x.shape);
    const value = reshape(slice(columns, [0, size], [rows, 1]), [rows]);
    if (!base) {
      const energy = combine([ofSquare, sumPerSample(mul(x, x))], [ofPotential, value]);
      return { raw: gradientPart, energy };
    }
    const ofBase = baseTensors(base);
    // −log of the base's density holds ½a·‖x‖²/std already.
    const energy = combine([-1, logTotal(logPosterior(sde, ofBase, x, t))], [ofPotential, value]);
    const raw = add(mul(gradientPart, share), baseVelocity(sde, ofBase, x, t));
    return { raw, energy };
  };
}
