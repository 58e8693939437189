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
import { type Base, baseVelocity } from './base.ts';
import type { ScoreModel, ScoreNet } from './contract.ts';
import { spread } from './labels.ts';
import { parameterise } from './parameterisation.ts';

type Potential = NonNullable<ScoreNet['potential']>;

/**
 * `rawAndEnergy` of a network with F = ∂e/∂x̂, x̂ = x/c. Since −std·score = a·x + b·F, the energy whose
 * gradient is −score is E(x, t) = (½a·‖x‖² + b·c·e(x̂))/std.
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
    const [at, shrink, ofSquare, ofPotential, ofVelocity] = coefficients(time => {
      const { a, b } = noiseForm(time);
      const { std } = sde.marginal(time);
      const scale = inputScale?.(time) ?? 1;
      return [condition(time), scale, (0.5 * a) / std, b / (std * scale), (0.5 * b) / std];
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
    const energy = combine([ofSquare, sumPerSample(mul(x, x))], [ofPotential, value]);
    if (!base) return { raw: gradientPart, energy };
    const constants = {
      vectors: fromHost(base.vectors.data, base.vectors.shape),
      values: fromHost(base.values.data, base.values.shape),
    };
    // Its velocity is linear and symmetric in x, the gradient of half of the product of both.
    const velocity = baseVelocity(sde, constants, x, t);
    const ofBase = mul(sumPerSample(mul(x, velocity)), ofVelocity);
    return { raw: add(gradientPart, velocity), energy: add(energy, ofBase) };
  };
}
