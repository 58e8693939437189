import { unknownName } from '../../errors.ts';
import {
  concat,
  fromHost,
  mul,
  type Params,
  type PlainParams,
  reshape,
  type Shape,
  sizeOf,
  sumPerSample,
  type Tensor,
  vjp,
} from '../../tensor/index.ts';
import type { ScoreNet } from '../contract.ts';
import { type MlpOptions, mlp } from './mlp.ts';

/** Options of `energy`: those of `mlp`, its inner network. */
export type EnergyNetOptions = MlpOptions;

const optionNames = [
  'width',
  'depth',
  'waves',
  'predicts',
  'classes',
] as const satisfies (keyof MlpOptions)[];

/**
 * An energy-based network: a scalar potential e(x̂, c) = ⟨x̂, g(x̂, c)⟩ + h(x̂, c) with (g, h) a perceptron,
 * and F = ∂e/∂x̂ by differentiation. Without h the potential would be 0 at the origin, whatever is learned. F
 * has no curl, the score is the gradient of a log-density, and `rawAndEnergy` of the model gives this density
 * up to a factor. F = 0 at the start, as of `mlp`. It costs about twice as much.
 */
export function energy(shape: Shape, options: EnergyNetOptions = {}): ScoreNet {
  const unknown = Object.keys(options).find(name => !(optionNames as readonly string[]).includes(name));
  if (unknown !== undefined) throw unknownName('option of energy', unknown, optionNames);
  const size = sizeOf(shape);
  const body = mlp(shape, options, size + 1);
  const potential = (params: Params, x: Tensor, condition: Tensor, label?: Tensor) => {
    const rows = x.shape[0]!;
    const ones = fromHost(new Float32Array(rows).fill(1), [rows, 1]);
    const factors = concat([reshape(x, [rows, size]), ones], 1);
    return sumPerSample(mul(factors, body.apply(params, x, condition, label)));
  };
  const potentialAndGradient = (params: Params, x: Tensor, condition: Tensor, label?: Tensor) => {
    const rows = x.shape[0]!;
    const ones = fromHost(new Float32Array(rows).fill(1), [rows]);
    const { value, product } = vjp(y => potential(params, y, condition, label), x, ones);
    return { potential: value, gradient: product };
  };
  return Object.freeze({
    name: 'energy',
    predicts: body.predicts,
    ...(body.classes !== undefined && { classes: body.classes }),
    init: (seed: number): PlainParams => body.init(seed),
    apply: (params: Params, x: Tensor, condition: Tensor, label?: Tensor) =>
      potentialAndGradient(params, x, condition, label).gradient,
    potential: potentialAndGradient,
  });
}
