import { usage } from '../errors.ts';
import { coefficients } from '../sde/coefficients.ts';
import type { Sde } from '../sde/contract.ts';
import {
  type Coefficient,
  fromHost,
  opaque,
  type Params,
  type PlainParams,
  type Tensor,
} from '../tensor/index.ts';
import type { NoiseForm, ScoreModel } from './contract.ts';
import { type PublishedConfig, publishedNet } from './nets/published-net.ts';

/** Options of `publishedModel`. */
export interface PublishedModelOptions {
  /** The description of the network, under the published names. */
  readonly config: PublishedConfig;
  /** Weights under the published names; others (`sigmas`, optimiser states) are ignored. */
  readonly params: PlainParams;
  /** The SDE of its training. */
  readonly sde: Sde;
  /** Trained at all times of [0, 1] (default), or only at this number of levels. */
  readonly levels?: 'continuous' | number;
}

/**
 * The time input of a published network at time t, the σ that divides its output, and the quantity that the
 * output predicts.
 */
interface Convention {
  readonly label: (t: number) => number;
  readonly sigma: (t: number) => number;
  readonly noiseForm: (t: number) => NoiseForm;
}

/**
 * A network of the published code with its weights, as a model for any solver (Song et al. 2021, their
 * `get_score_fn`). Data are in the units of its training: [−1, 1] where `config.centered`, else [0, 1].
 * - VP, sub-VP: label 999·t, the output is the noise. At N levels: label (N − 1)·t, the noise in units of the
 * level below.
 * - VE: label σ(t), the output is the score. At N levels: the index of the nearest level, counted from the
 * largest σ.
 * @throws usage where a weight is missing or has another shape, listing them, and for other SDEs
 */
export function publishedModel({
  config,
  params,
  sde,
  levels = 'continuous',
}: PublishedModelOptions): ScoreModel {
  const net = publishedNet(config);
  const names = Object.keys(net.weights);
  requireWeights(net.weights, params);
  const { label, sigma, noiseForm } = conventionOf(sde, config, levels);
  const { channels, side } = net.config;
  return Object.freeze({
    name: config.name,
    shape: [channels, side, side],
    weights: names.map(name => params[name]!),
    noiseForm,
    direct: true,
    raw(weights: readonly Tensor[], x: Tensor, t: Coefficient): Tensor {
      const numbers = coefficients(time => [label(time), sigma(time)], t);
      const [labels, sigmas] = numbers.map(value =>
        typeof value === 'number' ? Float64Array.of(value) : value,
      );
      const level = fromHost(labels!, [labels!.length]);
      const inputs = net.config.divideBySigma ? [x, level, fromHost(sigmas!, [sigmas!.length])] : [x, level];
      const [, , divisor] = inputs;
      return opaque(net, [...inputs, ...weights], () => {
        const params: Params = Object.fromEntries(names.map((name, i) => [name, weights[i]!]));
        return net.apply(params, x, level, divisor ? { sigma: divisor } : {});
      });
    },
  });
}

function requireWeights(
  published: Readonly<Record<string, { readonly shape: readonly number[] }>>,
  params: PlainParams,
): void {
  const faults = Object.entries(published).flatMap(([name, { shape }]) => {
    const weight = params[name];
    if (!weight) return [`${name} is missing`];
    return weight.shape.join() === shape.join() ? [] : [`${name} is [${weight.shape}], not [${shape}]`];
  });
  if (faults.length === 0) return;
  const list = faults.slice(0, 8).join('; ');
  throw usage('The weights do not fit the network', {
    where: 'publishedModel',
    got: faults.length > 8 ? `${list}; and ${faults.length - 8} more` : list,
  });
}

function conventionOf(sde: Sde, config: PublishedConfig, levels: 'continuous' | number): Convention {
  if (sde.name === 've') return ofScores(sde, config, levels);
  if (sde.name === 'vp' && levels !== 'continuous') return ofDiscreteNoise(sde, levels);
  if (sde.name === 'vp' || sde.name === 'sub-vp') {
    return { label: t => 999 * t, sigma: t => sde.marginal(t).std, noiseForm: () => ({ a: 0, b: 1 }) };
  }
  throw usage('Published networks are for the SDEs of the paper', {
    where: 'publishedModel',
    got: sde.name,
    expected: 'vp, sub-vp or ve',
  });
}

/**
 * A network that embeds log σ takes σ as input, whether it was trained at all times or only at levels. Any
 * other network takes the index of a level.
 */
function ofScores(sde: Sde, config: PublishedConfig, levels: 'continuous' | number): Convention {
  const std = (t: number) => sde.marginal(t).std;
  const noiseForm = (t: number) => ({ a: 0, b: -std(t) });
  if (levels === 'continuous') {
    if (['ddpm', 'UNet2DModel'].includes(config.name) || isPositional(config)) {
      throw usage('A network with positional embedding has levels: say how many', {
        where: 'publishedModel',
        got: 'levels "continuous" with the SDE "ve"',
      });
    }
    return { label: std, sigma: std, noiseForm };
  }
  const label = (t: number) => Math.round((1 - t) * (levels - 1));
  return { label, sigma: t => std(1 - label(t) / (levels - 1)), noiseForm };
}

/**
 * DDPM's chain of N steps: the network's output refers to the standard deviation of the level at or below t.
 */
function ofDiscreteNoise(sde: Sde, levels: number): Convention {
  const stds = new Float64Array(levels);
  let logKeep = 0;
  for (let k = 0; k < levels; k++) {
    logKeep += Math.log1p(-(sde.diffusion(k / (levels - 1)) ** 2) / levels);
    stds[k] = Math.sqrt(-Math.expm1(logKeep));
  }
  const label = (t: number) => t * (levels - 1);
  const stdAt = (t: number) => stds[Math.min(levels - 1, Math.floor(label(t)))]!;
  return { label, sigma: stdAt, noiseForm: t => ({ a: 0, b: sde.marginal(t).std / stdAt(t) }) };
}

const isPositional = (config: PublishedConfig) =>
  'embedding_type' in config && config.embedding_type === 'positional';
