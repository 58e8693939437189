import { unknownName } from '../../errors.ts';
import type { Shape } from '../../tensor/index.ts';
import type { ScoreNet } from '../contract.ts';
import { mlp } from './mlp.ts';
import { ncsnv2 } from './ncsnv2.ts';
import { ddpm, ddpmpp, ncsnpp, unet } from './unet.ts';

/** Every network by name: `(shape of a sample, options) => ScoreNet`. */
export const nets = { mlp, unet, ddpm, ddpmpp, ncsnpp, ncsnv2 } as const;
/** A name in `nets`. */
export type NetName = keyof typeof nets;

/** What a stored configuration says of a network: its name and options. */
export interface NetSpec {
  readonly name: string;
  readonly [option: string]: unknown;
}

/**
 * A network for samples of `shape`, by name, by name with options, or as a value.
 * @throws usage for an unknown name (with the nearest that there is) and for options that cannot be
 */
export function makeNet(spec: string | NetSpec | ScoreNet, shape: Shape): ScoreNet {
  if (typeof spec === 'object' && 'apply' in spec) return spec as ScoreNet;
  const { name, ...options } = typeof spec === 'string' ? { name: spec } : spec;
  if (!Object.hasOwn(nets, name)) throw unknownName('net', name, Object.keys(nets));
  return nets[name as NetName](shape, options);
}
