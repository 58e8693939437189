import { coefficients } from '../sde/coefficients.ts';
import type { Sde } from '../sde/contract.ts';
import {
  type Coefficient,
  fromHost,
  mul,
  opaque,
  type Params,
  type PlainParams,
  type Shape,
  type Tensor,
} from '../tensor/index.ts';
import type { ScoreModel, ScoreNet } from './contract.ts';
import { oneHot, spread } from './labels.ts';
import { parameterise } from './parameterisation.ts';

/**
 * A network with its weights, bound to the SDE of its training: a model for any solver. A class-conditional
 * model starts without a label.
 */
export function networkModel(net: ScoreNet, params: PlainParams, sde: Sde, shape: Shape): ScoreModel {
  const { inputScale, condition, noiseForm } = parameterise(sde, net.predicts);
  const names = Object.keys(params);
  const { classes } = net;
  return Object.freeze({
    name: net.name,
    shape,
    weights: [
      ...names.map(name => params[name]!),
      ...(classes === undefined ? [] : [oneHot([classes], classes)]),
    ],
    ...(classes !== undefined && { classes }),
    noiseForm,
    direct: net.predicts === 'noise' || net.predicts === 'score',
    raw(weights: readonly Tensor[], x: Tensor, t: Coefficient): Tensor {
      const [value] = coefficients(time => [condition(time)], t);
      const c = typeof value === 'number' ? Float64Array.of(value) : value!;
      const scaled = inputScale ? mul(x, coefficients(time => [inputScale(time)], t)[0]!) : x;
      const inputs = [scaled, fromHost(c, [c.length])] as const;
      const label = classes === undefined ? undefined : spread(weights[names.length]!, x.shape[0]!);
      // Training passes the masks of dropped features after the label.
      const masks = weights.slice(names.length + (label ? 1 : 0)).map(mask => spread(mask, x.shape[0]!));
      const seen = [...inputs, ...weights.slice(0, names.length), ...(label ? [label] : []), ...masks];
      return opaque(net, seen, () => {
        const params: Params = Object.fromEntries(names.map((name, i) => [name, weights[i]!]));
        return net.apply(params, ...inputs, label, masks);
      });
    },
  });
}
