import { z } from 'zod';
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
 * Descriptions of networks come from strangers' files: sizes are bounded, and options that a network does not
 * read are dropped.
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
/** What else is asked for is kept: the network refuses by name what it cannot compute. */
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
 * The published code keeps the numbers of all its SDEs beside the network, and not which it is: one that
 * divides by σ is of VE, and has levels if it is told numbers of them; any other is taken for one of VP,
 * trained at all times.
 */
function fromFlat(value: unknown, where: string): unknown {
  const told = checked(flatSchema, value, ...notValid(where));
  const ofVe = told.scale_by_sigma === true || isPublishedNcsnv2(told);
  if (!ofVe) {
    const schedule = { name: 'linear', betaMin: told.beta_min, betaMax: told.beta_max };
    return { net: value, sde: { name: 'vp', schedule } };
  }
  const schedule = { name: 'geometric', sigmaMin: told.sigma_min, sigmaMax: told.sigma_max };
  const numbered = told.name === 'ddpm' || told.embedding_type === 'positional';
  return {
    net: value,
    sde: { name: 've', schedule },
    levels: numbered && !isPublishedNcsnv2(told) ? told.num_scales : 'continuous',
  };
}

const isFlat = (value: unknown): boolean =>
  typeof value === 'object' && value !== null && 'image_size' in value && !('net' in value);

/**
 * A description like those of `released`, from JSON: the network under the names of the published code, its
 * SDE, and whether it was trained at all times (default) or at so many levels. The options of the published
 * code alone, as it keeps them for a model, are taken too.
 * @throws usage for what is missing, out of bounds or of another type, with its place
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
