import { requireText, unknownName } from '../errors.ts';
import type { PublishedNcsnv2 } from '../score/nets/ncsnv2/published-config.ts';
import type { PublishedConfig } from '../score/nets/published-net.ts';
import type { PublishedUnet } from '../score/nets/unet/published-config.ts';
import type { Spec } from '../sde/index.ts';

/**
 * A network with published weights: its description, the SDE it was trained for, and what its labels mean.
 */
export interface Released {
  /** The network under the published names. */
  readonly net: PublishedConfig;
  /** The SDE with its schedule, as `makeSde` takes it. */
  readonly sde: Spec;
  /** Whether it was trained at all times, or at N levels only. */
  readonly levels: 'continuous' | number;
}

const vp: Spec = { name: 'vp', schedule: { name: 'linear', betaMin: 0.1, betaMax: 20 } };
const subVp: Spec = { name: 'sub-vp', schedule: { name: 'linear', betaMin: 0.1, betaMax: 20 } };
const ve = (sigmaMax: number): Spec => ({
  name: 've',
  schedule: { name: 'geometric', sigmaMin: 0.01, sigmaMax },
});

const cifar = {
  name: 'ncsnpp',
  image_size: 32,
  num_channels: 3,
  nf: 128,
  ch_mult: [1, 2, 2, 2],
  num_res_blocks: 4,
  attn_resolutions: [16],
  resamp_with_conv: true,
  conditional: true,
  dropout: 0.1,
  nonlinearity: 'swish',
  resblock_type: 'biggan',
  fir_kernel: [1, 3, 3, 1],
  skip_rescale: true,
  init_scale: 0,
  progressive: 'none',
  progressive_combine: 'sum',
  fourier_scale: 16,
} as const;

const ddpm: PublishedUnet = {
  name: 'ddpm',
  image_size: 32,
  num_channels: 3,
  centered: true,
  nf: 128,
  ch_mult: [1, 2, 2, 2],
  num_res_blocks: 2,
  attn_resolutions: [16],
  resamp_with_conv: true,
  conditional: true,
  dropout: 0.1,
  nonlinearity: 'swish',
  scale_by_sigma: false,
};
const largeDdpm: PublishedUnet = { ...ddpm, image_size: 256, ch_mult: [1, 1, 2, 2, 4, 4], dropout: 0 };
const positional = { centered: true, scale_by_sigma: false, embedding_type: 'positional' } as const;
const ddpmpp: PublishedUnet = { ...cifar, ...positional, fir: false, progressive_input: 'none' };
const ncsnpp: PublishedUnet = { ...cifar, ...positional, fir: true, progressive_input: 'residual' };
const ofVe: PublishedUnet = { ...ncsnpp, centered: false, scale_by_sigma: true, embedding_type: 'fourier' };
const deep = { num_res_blocks: 8 } as const;
const large: PublishedUnet = {
  ...ofVe,
  image_size: 256,
  ch_mult: [1, 1, 2, 2, 2, 2, 2],
  num_res_blocks: 2,
  dropout: 0,
  progressive: 'output_skip',
  progressive_input: 'input_skip',
};
const huge: PublishedUnet = {
  ...large,
  image_size: 1024,
  nf: 16,
  ch_mult: [1, 2, 4, 8, 16, 32, 32, 32],
  num_res_blocks: 1,
};

const ncsnv2 = (name: PublishedNcsnv2['name'], image_size: number): PublishedNcsnv2 => ({
  name,
  image_size,
  num_channels: 3,
  centered: false,
  nf: 128,
  nonlinearity: 'elu',
});

const entry = (net: PublishedConfig, sde: Spec, levels: Released['levels'] = 'continuous'): Released =>
  Object.freeze({ net, sde, levels });

/**
 * The released configurations of Song et al. 2021 by the paths of their files, and those of NCSNv2 (Song &
 * Ermon 2020). The network of NCSNv2, F(x)/σ, does not take the level as input, so it works at all times and
 * not only at its levels.
 */
export const released: Readonly<Record<string, Released>> = Object.freeze({
  'vp/cifar10_ddpm': entry(ddpm, vp, 1000),
  'vp/cifar10_ddpm_continuous': entry(ddpm, vp),
  'vp/cifar10_ddpmpp': entry(ddpmpp, vp, 1000),
  'vp/cifar10_ddpmpp_continuous': entry(ddpmpp, vp),
  'vp/cifar10_ddpmpp_deep_continuous': entry({ ...ddpmpp, ...deep }, vp),
  'vp/cifar10_ncsnpp': entry(ncsnpp, vp, 1000),
  'vp/cifar10_ncsnpp_continuous': entry(ncsnpp, vp),
  'vp/cifar10_ncsnpp_deep_continuous': entry({ ...ncsnpp, ...deep }, vp),
  'subvp/cifar10_ddpm_continuous': entry(ddpm, subVp),
  'subvp/cifar10_ddpmpp_continuous': entry(ddpmpp, subVp),
  'subvp/cifar10_ddpmpp_deep_continuous': entry({ ...ddpmpp, ...deep }, subVp),
  'subvp/cifar10_ncsnpp_continuous': entry(ncsnpp, subVp),
  'subvp/cifar10_ncsnpp_deep_continuous': entry({ ...ncsnpp, ...deep }, subVp),
  'vp/ddpm/cifar10': entry(ddpm, vp, 1000),
  'vp/ddpm/cifar10_continuous': entry(ddpm, vp),
  'vp/ddpm/bedroom': entry(largeDdpm, vp, 1000),
  'vp/ddpm/church': entry(largeDdpm, vp, 1000),
  'vp/ddpm/celebahq': entry(largeDdpm, vp, 1000),
  've/cifar10_ddpm': entry({ ...ddpm, centered: false, scale_by_sigma: true }, ve(50), 1000),
  've/cifar10_ncsnpp': entry({ ...ofVe, embedding_type: 'positional' }, ve(50), 1000),
  've/cifar10_ncsnpp_continuous': entry(ofVe, ve(50)),
  've/cifar10_ncsnpp_deep_continuous': entry({ ...ofVe, ...deep }, ve(50)),
  've/celeba_ncsnpp': entry({ ...ofVe, image_size: 64, embedding_type: 'positional' }, ve(90), 1000),
  've/bedroom_ncsnpp_continuous': entry(large, ve(378)),
  've/church_ncsnpp_continuous': entry(large, ve(380)),
  've/celebahq_256_ncsnpp_continuous': entry(large, ve(348)),
  've/ffhq_256_ncsnpp_continuous': entry(large, ve(348)),
  've/celebahq_ncsnpp_continuous': entry(huge, ve(1348)),
  've/ffhq_ncsnpp_continuous': entry(huge, ve(1348)),
  've/ncsnv2/cifar10': entry(ncsnv2('ncsnv2_64', 32), ve(50)),
  've/ncsnv2/celeba': entry(ncsnv2('ncsnv2_64', 64), ve(90)),
  've/ncsnv2/church': entry(ncsnv2('ncsnv2_64', 64), ve(140)),
  've/ncsnv2/bedroom': entry(ncsnv2('ncsnv2_128', 128), ve(190)),
  've/ncsnv2/tower': entry(ncsnv2('ncsnv2_128', 128), ve(190)),
  've/ncsnv2/ffhq': entry(ncsnv2('ncsnv2_256', 256), ve(348)),
});

/** The name of a network alone means the first configuration that was released with it. */
const FIRST: Readonly<Record<string, string>> = {
  ncsnv2: 've/ncsnv2/cifar10',
  ncsnv2_64: 've/ncsnv2/cifar10',
  ncsnv2_128: 've/ncsnv2/bedroom',
  ncsnv2_256: 've/ncsnv2/ffhq',
};

/**
 * Finds a released configuration by the path of its file, or by its name alone. The name alone means VE for
 * NCSN++ and VP for DDPM++, the SDEs they were made for. `ncsnv2`, `ncsnv2_64`, `ncsnv2_128` and `ncsnv2_256`
 * mean the smallest configuration of each size.
 * @throws usage for an unknown name; the error suggests the nearest one
 */
export function releasedOf(name: string): Released {
  requireText('released configuration', name);
  const folders = name.includes('ncsn') ? ['', 've/'] : ['', 'vp/', 've/'];
  const paths = [
    ...folders.map(folder => `${folder}${name}`),
    Object.hasOwn(FIRST, name) ? FIRST[name]! : name,
  ];
  const path = paths.find(key => Object.hasOwn(released, key));
  if (path === undefined) throw unknownName('released configuration', name, Object.keys(released));
  return released[path]!;
}
