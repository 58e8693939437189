import { usage } from '../errors.ts';
import { coefficients } from '../sde/coefficients.ts';
import type { Sde } from '../sde/contract.ts';
import {
  add,
  type Coefficient,
  fromHost,
  mul,
  opaque,
  type Params,
  type PlainParams,
  type PlainTensor,
  type Shape,
  sizeOf,
  type Tensor,
} from '../tensor/index.ts';
import { type Base, baseTensors, baseVelocity } from './base.ts';
import { contextVelocity, generatedOf, valuesAndMasks } from './context-base.ts';
import type { ScoreModel, ScoreNet } from './contract.ts';
import { shareOf } from './correction.ts';
import { energetic } from './energetic.ts';
import { oneHot, spread } from './labels.ts';
import { parameterise } from './parameterisation.ts';

/** What a network is combined with. */
export interface ModelParts {
  /** The Gaussian or the mixture that the network corrects. */
  readonly base?: Base | undefined;
  /** For a conditional network: the context, `[1, W]`, of a row that is generated as a whole. */
  readonly context?: PlainTensor | undefined;
  /** Whether the network is 0, so that the base is the law of the data. */
  readonly exact?: boolean | undefined;
}

/**
 * A network with its weights, bound to its SDE in training: a model for any solver. With a base, F is the
 * velocity of that law plus the network's output. A class-conditional model starts without a label, a
 * conditional one with no known values.
 */
export function networkModel(
  net: ScoreNet,
  params: PlainParams,
  sde: Sde,
  shape: Shape,
  { base, context, exact }: ModelParts = {},
): ScoreModel {
  const { inputScale, condition, noiseForm } = parameterise(sde, net.predicts);
  const names = Object.keys(params);
  const { classes, conditional } = net;
  if ((base || conditional) && net.predicts !== 'velocity') throw noVelocity(net);
  const size = sizeOf(shape);
  const contextAt = names.length;
  const labelAt = contextAt + (conditional ? 1 : 0);
  return Object.freeze({
    name: net.name,
    shape,
    weights: [
      ...names.map(name => params[name]!),
      ...(conditional ? [context!] : []),
      ...(classes === undefined ? [] : [oneHot([classes], classes)]),
    ],
    ...(classes !== undefined && { classes }),
    ...(conditional && {
      contextAt,
      generated: (weights: readonly Tensor[], rows: number) =>
        spread(generatedOf(weights[contextAt]!, size), rows),
    }),
    ...(base && {
      thinnest: Math.sqrt(base.values.data.reduce((least, value) => Math.min(least, value), 1)),
    }),
    ...(exact && base && { law: base }),
    noiseForm,
    direct: net.predicts === 'noise' || net.predicts === 'score',
    ...(net.potential && { rawAndEnergy: energetic(net, net.potential, names, sde, base) }),
    raw(weights: readonly Tensor[], x: Tensor, t: Coefficient): Tensor {
      const [value] = coefficients(time => [condition(time)], t);
      const c = typeof value === 'number' ? Float64Array.of(value) : value!;
      const input = inputScale ? mul(x, coefficients(time => [inputScale(time)], t)[0]!) : x;
      const rows = x.shape[0]!;
      const rowContexts = conditional ? spread(weights[contextAt]!, rows) : undefined;
      const generated = rowContexts && generatedOf(rowContexts, size);
      const contextInputs = rowContexts && valuesAndMasks(rowContexts, size);
      // The network does not see the noise that stands for what is not generated.
      const inputs = [generated ? mul(input, generated) : input, fromHost(c, [c.length])] as const;
      const label = classes === undefined ? undefined : spread(weights[labelAt]!, rows);
      // Training passes the masks of dropped features last.
      const masks = weights.slice(labelAt + (label ? 1 : 0)).map(mask => spread(mask, rows));
      const extras = [...(contextInputs ? [contextInputs] : []), ...(label ? [label] : []), ...masks];
      const out = opaque(net, [...inputs, ...weights.slice(0, names.length), ...extras], () => {
        const params: Params = Object.fromEntries(names.map((name, i) => [name, weights[i]!]));
        return net.apply(params, ...inputs, label, masks, contextInputs);
      });
      const all = base && baseTensors(base);
      const start =
        all && (rowContexts ? contextVelocity(sde, all, rowContexts, x, t) : baseVelocity(sde, all, x, t));
      const sum = start ? add(mul(out, coefficients(time => [shareOf(sde, time)], t)[0]!), start) : out;
      return generated ? mul(sum, generated) : sum;
    },
  });
}

const noVelocity = (net: ScoreNet) =>
  usage('The network of a table has to predict the velocity', {
    where: net.name,
    got: net.predicts,
    remedy: 'Leave `predicts` out, or train with --scaling standard',
  });
