import type { Shape } from '../../../tensor/index.ts';
import type { UnetConfig } from '../unet/config.ts';

/**
 * Where a weight is in the file: its name and shape there. If the shapes differ, the matrix is transposed.
 */
export interface Filed {
  readonly name: string;
  readonly shape: Shape;
}

type AttentionNames = 'query' | 'to_q';
const ATTENTION: Readonly<Record<AttentionNames, readonly string[]>> = {
  to_q: ['to_q', 'to_k', 'to_v', 'to_out.0'],
  query: ['query', 'key', 'value', 'proj_attn'],
};
const BLOCK: Readonly<Record<string, string>> = {
  GroupNorm_0: 'norm1',
  Conv_0: 'conv1',
  Dense_0: 'time_emb_proj',
  GroupNorm_1: 'norm2',
  Conv_1: 'conv2',
  NIN_0: 'conv_shortcut',
};

/** The modules of a DDPM U-Net under diffusers' names, in our order. */
function modulesOf({ multipliers, blocks, attention, side }: UnetConfig): string[] {
  const attends = (level: number) => attention.includes(side / 2 ** level);
  const level = (part: string, at: number, count: number) =>
    Array.from({ length: count }, (_, i) => [
      `${part}.resnets.${i}`,
      ...(attends(at) ? [`${part}.attentions.${i}`] : []),
    ]).flat();
  const last = multipliers.length - 1;
  const down = multipliers.flatMap((_, at) => [
    ...level(`down_blocks.${at}`, at, blocks),
    ...(at < last ? [`down_blocks.${at}.downsamplers.0`] : []),
  ]);
  const up = multipliers.flatMap((_, i) => [
    ...level(`up_blocks.${i}`, last - i, blocks + 1),
    ...(i < last ? [`up_blocks.${i}.upsamplers.0`] : []),
  ]);
  const middle = ['resnets.0', 'attentions.0', 'resnets.1'].map(part => `mid_block.${part}`);
  const time = ['time_embedding.linear_1', 'time_embedding.linear_2'];
  return [...time, 'conv_in', ...down, ...middle, ...up, 'conv_norm_out', 'conv_out'];
}

/** Our weights of a DDPM U-Net, `all_modules.K.…`, under the names of a diffusers file. */
export function filedNames(
  config: UnetConfig,
  weights: Readonly<Record<string, { readonly shape: Shape }>>,
  attention: AttentionNames = 'to_q',
): ReadonlyMap<string, Filed> {
  const modules = modulesOf(config);
  return new Map(
    Object.entries(weights).map(([name, { shape }]) => {
      const [, at, ...rest] = name.split('.') as [string, string, ...string[]];
      return [name, filed(modules[Number(at)]!, rest, shape, ATTENTION[attention])];
    }),
  );
}

function filed(module: string, rest: readonly string[], shape: Shape, attention: readonly string[]): Filed {
  const [part, kind] = rest.length === 1 ? ['', rest[0]!] : (rest as [string, string]);
  const leaf = { W: 'weight', b: 'bias' }[kind] ?? kind;
  if (module.includes('.attentions.')) {
    const local = part === 'GroupNorm_0' ? 'group_norm' : attention[Number(part.slice(-1))]!;
    return { name: `${module}.${local}.${leaf}`, shape: kind === 'W' ? shape.toReversed() : shape };
  }
  if (module.includes('samplers.')) return { name: `${module}.conv.${leaf}`, shape };
  if (part === '') return { name: `${module}.${leaf}`, shape };
  return {
    name: `${module}.${BLOCK[part]!}.${leaf}`,
    shape: kind === 'W' ? [...shape.toReversed(), 1, 1] : shape,
  };
}
