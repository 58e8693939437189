import { usage } from '../../../errors.ts';
import {
  add,
  concat,
  cos,
  div,
  fromHost,
  log,
  matmul,
  mul,
  type Params,
  type PlainParams,
  reshape,
  sin,
  sub,
  type Tensor,
} from '../../../tensor/index.ts';
import { waves } from '../../embed.ts';
import { checkUnet, type UnetConfig } from './config.ts';
import { type Context, drawWeights, type Form, prefixed, type Weight, type Weights } from './layer.ts';
import { activate, dense, denseWeights } from './operations.ts';
import { type Reader, walk } from './walk.ts';

export interface ApplyOptions {
  /** σ of each sample, [B]: needed if the output is divided by it. */
  readonly sigma?: Tensor;
  /** One-hot over the classes and "no label", [B, K + 1] or [1, K + 1]. */
  readonly label?: Tensor;
  /** Dropout in training. */
  readonly drop?: (h: Tensor) => Tensor;
}

/** A U-Net without weights. */
export interface Unet {
  readonly config: UnetConfig;
  /** All weights under their published names, in the published order. */
  readonly weights: Readonly<Record<string, Weight>>;
  /** The features that dropout applies to, in the order of the calls to `drop`. */
  readonly drops: readonly Form[];
  /** Fresh weights, each drawn from its own random stream. */
  init(seed: number): PlainParams;
  /**
   * x: [B, C, H, W], level: [B] or [1] → [B, C, H, W]. `level` is the input of the embedding: a label in
   * 0…999 (`positional`), σ (`fourier`) or log(std/scale) (`waves`).
   */
  apply(params: Params, x: Tensor, level: Tensor, options?: ApplyOptions): Tensor;
}

const PREFIX = 'all_modules';
/** A row for each class and, last, for "no label"; zeros at the start. */
const LABELS = 'labels.weight';
const labelWeights = (classes: number, width: number): Weights => ({
  [LABELS]: { shape: [classes + 1, width], begin: { value: 0 } },
});

export function unetOf(given: UnetConfig): Unet {
  const config = checkUnet(given);
  const weights = weightsOf(config);
  return Object.freeze({
    config,
    weights,
    drops: dropsOf(config),
    init: (seed: number) => drawWeights(weights, seed),
    apply: (params: Params, x: Tensor, level: Tensor, options: ApplyOptions = {}) =>
      compute(config, params, x, level, options),
  });
}

/** Number of modules before the first convolution. */
function embeddingModules({ embedding, conditional, width, fourierScale }: UnetConfig): Weights[] {
  const features = { W: { shape: [width], begin: { normal: fourierScale }, trained: false } } as const;
  const sizes = { positional: width, fourier: 2 * width, waves: 2 * Math.floor(width / 2) + 1 };
  return [
    ...(embedding === 'fourier' ? [features] : []),
    ...(conditional ? [denseWeights(sizes[embedding], 4 * width), denseWeights(4 * width, 4 * width)] : []),
  ];
}

function weightsOf(config: UnetConfig): Weights {
  const modules = embeddingModules(config);
  const lister: Reader<Form> = {
    formOf: form => form,
    run(block, ...forms) {
      const layer = block(...forms);
      if (layer.counted !== false) modules.push(layer.weights);
      return layer.out;
    },
  };
  walk(config, lister, { channels: config.channels, side: config.side });
  return Object.assign(
    {},
    ...modules.map((weights, i) => prefixed(`${PREFIX}.${i}`, weights)),
    config.classes === undefined ? {} : labelWeights(config.classes, 4 * config.width),
  );
}

function dropsOf(config: UnetConfig): Form[] {
  const dropped: Form[] = [];
  const lister: Reader<Form> = {
    formOf: form => form,
    run(block, ...forms) {
      const { drops, out } = block(...forms);
      if (drops) dropped.push(drops);
      return out;
    },
  };
  walk(config, lister, { channels: config.channels, side: config.side });
  return dropped;
}

function compute(
  config: UnetConfig,
  params: Params,
  x: Tensor,
  level: Tensor,
  { sigma, drop, label }: ApplyOptions,
): Tensor {
  const weight = (module: number) => (name: string) => params[`${PREFIX}.${module}.${name}`]!;
  const embedding = tellLevel(config, weight, level, label && matmul(label, params[LABELS]!));
  const context: Context = { ...(embedding && { embedding }), ...(drop && { drop }) };
  const at = { module: embeddingModules(config).length };
  const computer: Reader<Tensor> = {
    formOf: h => ({ channels: h.shape[1]!, side: h.shape[3]! }),
    run(block, ...inputs) {
      const layer = block(...inputs.map(computer.formOf));
      return layer.apply(weight(layer.counted === false ? -1 : at.module++), inputs, context);
    },
  };
  const h = walk(config, computer, config.centred ? x : sub(mul(x, 2), 1));
  if (!config.divideBySigma) return h;
  if (!sigma && config.embedding === 'positional') {
    throw usage('This network takes level numbers and its output is divided by σ, so it needs sigma', {
      where: 'sigma',
    });
  }
  const by = sigma ?? level;
  return div(h, reshape(by, [by.shape[0]!, 1, 1, 1]));
}

/** act(Dense(act(Dense(e))) + row of the label): the conditioning input of every residual block. */
function tellLevel(
  config: UnetConfig,
  weight: (module: number) => (name: string) => Tensor,
  level: Tensor,
  label?: Tensor,
): Tensor | undefined {
  if (!config.conditional) return undefined;
  const first = config.embedding === 'fourier' ? 1 : 0;
  const hidden = dense(weight(first), '', embed(config, weight(0), level));
  const embedded = dense(weight(first + 1), '', activate(config.activation, hidden));
  return activate(config.activation, label ? add(embedded, label) : embedded);
}

function embed({ embedding, width }: UnetConfig, features: (name: string) => Tensor, level: Tensor): Tensor {
  if (embedding === 'waves') return waves(level, Math.floor(width / 2));
  const column = reshape(embedding === 'fourier' ? log(level) : level, [level.shape[0]!, 1]);
  // Angles reach thousands. They are multiplied in the published order, so that float32 rounds them in the
  // same way.
  const angles =
    embedding === 'fourier'
      ? mul(mul(mul(column, reshape(features('W'), [1, width])), 2), Math.PI)
      : mul(column, fromHost(frequencies(width), [1, Math.floor(width / 2)]));
  return concat([sin(angles), cos(angles)], 1);
}

/** 10000^(−k/(n − 1)), k = 0 … n − 1, n = width/2 (Vaswani et al. 2017). */
function frequencies(width: number): Float32Array {
  const count = Math.floor(width / 2);
  const decay = Math.log(10000) / (count - 1);
  return Float32Array.from({ length: count }, (_, k) => Math.exp(-k * decay));
}
