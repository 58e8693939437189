import { unknownName, usage } from '../../errors.ts';
import { fillNormal, key } from '../../random/index.ts';
import {
  add,
  affine,
  lazyTensor,
  matmul,
  mul,
  type Params,
  type PlainParams,
  type PlainTensor,
  reshape,
  type Shape,
  silu,
  sizeOf,
  type Tensor,
} from '../../tensor/index.ts';
import type { Prediction, ScoreNet } from '../contract.ts';
import { waves } from '../embed.ts';
import { requireClasses } from '../labels.ts';

/** Options of `mlp`. */
export interface MlpOptions {
  /** Units of the hidden layers; default 128. `train` uses `widthFor` the values of a sample. */
  readonly width?: number;
  /** Residual blocks; default 3. */
  readonly depth?: number;
  /** Frequencies of the time embedding; default 16. */
  readonly waves?: number;
  /** Default `velocity`. */
  readonly predicts?: Prediction;
  /** Number of classes of a class-conditional network; default: no classes. */
  readonly classes?: number;
  /**
   * Whether it answers questions about rows: its input is then joined by the context of each row, and it
   * models p(generated | known). Default false.
   */
  readonly conditional?: boolean;
  /** Share of the features of each block that training drops, 0 to 1. Default 0. */
  readonly dropout?: number;
}

/**
 * The width in training for samples of `size` values: the smallest power of two that is at least `size`, from
 * 128 to 512.
 */
export const widthFor = (size: number): number =>
  Math.min(512, Math.max(128, 2 ** Math.ceil(Math.log2(size))));

/**
 * A residual multilayer perceptron for flat data: h ← W·x̂ + b; h ← h + W₂·silu(W₁·silu(h) + V·e(c) + U·label
 * + b₁) + b₂ for each block; F = W·silu(h) + b. The last layer of each block and of the network starts at
 * zero, so training starts from F = 0. With classes, U also starts at zero. `outputs` other than the size of
 * a sample makes the rows of F that long.
 */
export function mlp(
  shape: Shape,
  {
    width = 128,
    depth = 3,
    waves: count = 16,
    predicts = 'velocity',
    classes,
    conditional = false,
    dropout = 0,
    ...unknownOptions
  }: MlpOptions = {},
  outputs: number = sizeOf(shape),
): ScoreNet {
  if (!(Number.isInteger(width) && width > 0 && Number.isInteger(depth) && depth > 0)) {
    throw usage('The width and depth of the network have to be whole numbers above 0', {
      where: 'mlp',
      got: [width, depth],
    });
  }
  const [unknown] = Object.keys(unknownOptions);
  if (unknown !== undefined)
    throw unknownName('option of mlp', unknown, [
      'width',
      'depth',
      'waves',
      'predicts',
      'classes',
      'conditional',
      'dropout',
    ]);
  if (classes !== undefined) requireClasses(classes, 'mlp');
  requireDropout(dropout);
  const size = sizeOf(shape);
  const blocks = Array.from({ length: depth }, (_, i) => `block${i}`);
  return Object.freeze({
    name: 'mlp',
    predicts,
    ...(classes !== undefined && { classes }),
    ...(conditional && { conditional: true as const }),
    ...(dropout > 0 && { drops: { share: dropout, shapes: blocks.map(() => [width]) } }),
    init(seed: number): PlainParams {
      const draw = weightsFrom(seed);
      const params: PlainParams = {
        'input.weight': draw('input.weight', size, width),
        'input.bias': zeros(width),
        ...(conditional && { 'context.weight': draw('context.weight', 3 * size, width) }),
      };
      for (const name of blocks) {
        params[`${name}.time.weight`] = draw(`${name}.time.weight`, 2 * count + 1, width);
        if (classes !== undefined) params[`${name}.label.weight`] = zeros(classes + 1, width);
        params[`${name}.first.weight`] = draw(`${name}.first.weight`, width, width);
        params[`${name}.first.bias`] = zeros(width);
        params[`${name}.second.weight`] = zeros(width, width);
        params[`${name}.second.bias`] = zeros(width);
      }
      return { ...params, 'output.weight': zeros(width, outputs), 'output.bias': zeros(outputs) };
    },
    apply(
      p: Params,
      x: Tensor,
      condition: Tensor,
      label?: Tensor,
      masks: readonly Tensor[] = [],
      context?: Tensor,
    ): Tensor {
      const dense = (name: string, h: Tensor) => affine(h, p[`${name}.weight`]!, p[`${name}.bias`]!);
      const embedding = waves(condition, count);
      let h = dense('input', shape.length === 1 ? x : reshape(x, [x.shape[0]!, size]));
      if (context) h = add(h, matmul(context, p['context.weight']!));
      for (const [i, name] of blocks.entries()) {
        const time = matmul(embedding, p[`${name}.time.weight`]!);
        const timeAndLabel = label ? add(time, matmul(label, p[`${name}.label.weight`]!)) : time;
        const features = silu(add(dense(`${name}.first`, silu(h)), timeAndLabel));
        h = add(h, dense(`${name}.second`, masks[i] ? mul(features, masks[i]) : features));
      }
      const out = dense('output', silu(h));
      return shape.length === 1 || outputs !== size ? out : reshape(out, x.shape);
    },
  });
}

function requireDropout(dropout: number): void {
  if (dropout >= 0 && dropout < 1) return;
  throw usage('The dropout is out of range', { where: 'mlp', got: dropout, expected: '0 to below 1' });
}

const zeros = (...shape: number[]): PlainTensor => lazyTensor(shape, () => new Float32Array(sizeOf(shape)));

/** He-style normal weights of variance 1/fan-in. The name of each matrix selects its random stream. */
const weightsFrom =
  (seed: number) =>
  (name: string, fanIn: number, fanOut: number): PlainTensor =>
    lazyTensor([fanIn, fanOut], () => {
      const data = new Float32Array(fanIn * fanOut);
      fillNormal(data, key(seed, `init/${name}`), { step: 0, first: 0, size: fanOut });
      return data.map(value => value / Math.sqrt(fanIn));
    });
