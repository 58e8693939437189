import { fillNormal, key } from '../src/random/index.ts';
import type { ScoreNet } from '../src/score/contract.ts';
import { networkModel } from '../src/score/model.ts';
import { type Unet, unetOf } from '../src/score/nets/unet/network.ts';
import { fromPublished } from '../src/score/nets/unet/published-config.ts';
import type { Sde } from '../src/sde/contract.ts';
import {
  affine,
  concat,
  matmul,
  type Params,
  type PlainParams,
  type PlainTensor,
  reshape,
  type Shape,
  silu,
  sizeOf,
  type Tensor,
  tile,
} from '../src/tensor/index.ts';

/** Normal weights of variance 1/fan-in; `what` is the name of the random stream. */
export function normalTensor(what: string, shape: Shape, fanIn: number): PlainTensor {
  const data = new Float32Array(sizeOf(shape));
  fillNormal(data, key(0, what), { step: 0, first: 0, size: data.length });
  return { data: data.map(z => z / Math.sqrt(fanIn)), shape: [...shape] };
}

/**
 * The plain perceptron that peers run: `depth` layers of SiLU(h·W + b) on [x, t], then h·W without a bias.
 */
export function plainMlp(width: number, depth: number, size: number): ScoreNet {
  const layers = Array.from({ length: depth }, (_, i) => `layer${i}`);
  return Object.freeze({
    name: `plain-mlp-${depth}x${width}`,
    predicts: 'noise',
    init(): PlainParams {
      const params: PlainParams = {};
      layers.forEach((name, i) => {
        const fanIn = i === 0 ? size + 1 : width;
        params[`${name}.weight`] = normalTensor(name, [fanIn, width], fanIn);
        params[`${name}.bias`] = { data: new Float32Array(width), shape: [width] };
      });
      return { ...params, output: normalTensor('output', [width, size], width) };
    },
    apply(p: Params, x: Tensor, condition: Tensor): Tensor {
      const [rows, conditions] = [x.shape[0]!, condition.shape[0]!];
      const column = reshape(condition, [conditions, 1]);
      let h = concat([x, conditions === rows ? column : tile(column, rows)], 1);
      for (const name of layers) h = silu(affine(h, p[`${name}.weight`]!, p[`${name}.bias`]!));
      return matmul(h, p.output!);
    },
  });
}

/** The published DDPM++ U-Net, for the sizes that peers run. */
const ddpmpp = (
  channels: number,
  side: number,
  width: number,
  multipliers: readonly number[],
  blocks: number,
) =>
  unetOf(
    fromPublished({
      ...{ name: 'ddpmpp', num_channels: channels, image_size: side, centered: true, nf: width },
      ...{ ch_mult: multipliers, num_res_blocks: blocks, attn_resolutions: [side === 28 ? 14 : 16] },
      ...{ resblock_type: 'biggan', embedding_type: 'positional', fir: false, skip_rescale: true },
      ...{ progressive: 'none', progressive_input: 'none', conditional: true, init_scale: 1 },
    }),
  );

export const unet28 = (): Unet => ddpmpp(1, 28, 32, [1, 2, 2], 1);
export const unet32 = (): Unet => ddpmpp(3, 32, 128, [1, 2, 2, 2], 4);

/** A U-Net as a network of the framework; its condition goes to the embedding unchanged. */
export const asNet = (unet: Unet): ScoreNet =>
  Object.freeze({
    name: 'unet',
    predicts: 'noise',
    init: (seed: number) => unet.init(seed),
    apply: (p: Params, x: Tensor, condition: Tensor) => unet.apply(p, x, condition),
  });

/** A network with random weights, bound to an SDE. */
export function fresh(net: ScoreNet, sde: Sde, shape: Shape) {
  const params = net.init(0);
  return { params, model: networkModel(net, params, sde, shape) };
}
