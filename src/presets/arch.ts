import * as z from 'zod';
import { checked } from '../files/index.ts';
import { isPublishedUnet2d } from '../score/nets/diffusers/published-config.ts';
import { isPublishedNcsnv2 } from '../score/nets/ncsnv2/published-config.ts';
import type { PublishedConfig } from '../score/nets/published-net.ts';
import type { Spec } from '../sde/index.ts';
import type { Released } from './released.ts';

const whole = (most: number) => z.number().int().positive().max(most);
const shared = {
  name: z.string(),
  image_size: whole(4096),
  num_channels: whole(64).optional(),
  centered: z.boolean(),
  nf: whole(4096),
  nonlinearity: z.string().optional(),
};
const yes = z.boolean().optional();
const word = z.string().optional();

/**
 * The network descriptions come from other people's files. So sizes are bounded, and options that a network
 * does not read are dropped.
 */
const ncsnv2 = z.object(shared);
const unet = z.object({
  ...shared,
  ch_mult: z.array(whole(256)).nonempty().max(16),
  num_res_blocks: whole(64),
  attn_resolutions: z.array(whole(4096)).max(16),
  resamp_with_conv: yes,
  conditional: yes,
  dropout: z.number().min(0).lt(1).optional(),
  scale_by_sigma: yes,
  resblock_type: word,
  fir: yes,
  fir_kernel: z.array(z.number()).min(2).max(16).optional(),
  progressive: word,
  progressive_input: word,
  progressive_combine: word,
  embedding_type: word,
  fourier_scale: z.number().optional(),
  skip_rescale: yes,
  init_scale: z.number().min(0).optional(),
});
const counts = z.array(whole(16384)).nonempty().max(16);
const words = z.array(z.string()).nonempty().max(16);
/** Unknown options are kept: the network refuses the ones that it cannot compute, by name. */
const unet2d = z.looseObject({
  name: z.string(),
  sample_size: whole(4096),
  in_channels: whole(64),
  out_channels: whole(64),
  center_input_sample: yes,
  down_block_types: words,
  up_block_types: words,
  block_out_channels: counts,
  layers_per_block: whole(64),
  norm_num_groups: whole(4096).optional(),
  dropout: z.number().min(0).lt(1).optional(),
  attention_names: z.enum(['query', 'to_q']).optional(),
});
const archSchema = z.strictObject({
  net: z.looseObject({ name: z.string() }),
  sde: z.looseObject({ name: z.string() }),
  levels: z.union([z.literal('continuous'), whole(1_000_000)]).default('continuous'),
});

const notValid = (where: string) =>
  [
    'The description of the network is not valid',
    {
      where,
      expected:
        '{"net": {"name": "ncsnpp", "image_size": 32, …}, "sde": {"name": "vp"}, "levels": "continuous"}',
    },
  ] as const;

const flatSchema = z.looseObject({
  name: z.string(),
  scale_by_sigma: yes,
  embedding_type: word,
  beta_min: z.number().positive().default(0.1),
  beta_max: z.number().positive().default(20),
  sigma_min: z.number().positive().default(0.01),
  sigma_max: z.number().positive().default(50),
  num_scales: whole(1_000_000).default(1000),
});

/**
 * The published code stores the numbers of all its SDEs next to the network, but not which SDE it is. A
 * network that divides by σ is one of VE; if it takes the number of the level as input, it has levels. Any
 * other network is taken for one of VP, trained at all times.
 */
function fromFlat(value: unknown, where: string): unknown {
  const config = checked(flatSchema, value, ...notValid(where));
  const dividesBySigma = config.scale_by_sigma === true || isPublishedNcsnv2(config);
  if (!dividesBySigma) {
    const schedule = { name: 'linear', betaMin: config.beta_min, betaMax: config.beta_max };
    return { net: value, sde: { name: 'vp', schedule } };
  }
  const schedule = { name: 'geometric', sigmaMin: config.sigma_min, sigmaMax: config.sigma_max };
  const takesNumbers = config.name === 'ddpm' || config.embedding_type === 'positional';
  return {
    net: value,
    sde: { name: 've', schedule },
    levels: takesNumbers && !isPublishedNcsnv2(config) ? config.num_scales : 'continuous',
  };
}

const isFlat = (value: unknown): boolean =>
  typeof value === 'object' && value !== null && 'image_size' in value && !('net' in value);

/**
 * Reads a description like those of `released` from JSON: the network under the names of the published code,
 * its SDE, and `levels`, the number of levels it was trained at, or `continuous` (default). A description may
 * also hold only the options of the network, as the published code stores them.
 * @throws usage for a value that is missing, out of bounds or of another type; the error says where
 */
export function parseArch(value: unknown, where: string): Released {
  const { net, sde, levels } = checked(
    archSchema,
    isFlat(value) ? fromFlat(value, where) : value,
    ...notValid(where),
  );
  const schema = isPublishedUnet2d(net) ? unet2d : isPublishedNcsnv2(net) ? ncsnv2 : unet;
  const config: unknown = checked<unknown>(schema, net, ...notValid(`${where}, net`));
  return { net: config as PublishedConfig, sde: sde as Spec, levels };
}
