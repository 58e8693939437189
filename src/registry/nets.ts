import type { ScoreNet } from '../score/contract.ts';
import { nets } from '../score/nets/index.ts';
import type { Shape } from '../tensor/index.ts';
import { entryOf, type Named, nameAndOptions } from './named.ts';

/** A name in `nets`. */
export type NetName = keyof typeof nets;

/** A network by name, with its own options. */
export type NetOptions = {
  [N in NetName]: { readonly name: N } & NonNullable<Parameters<(typeof nets)[N]>[1]>;
}[NetName];

/** What may stand for a network: a name, a name with its options, or a network of your own. */
export type NetSpec = NetName | NetOptions | ScoreNet;

/**
 * A network for samples of `shape`, by name, by name with options, or as a value.
 * @throws usage for an unknown name (with the nearest that there is) and for options that cannot be
 */
export function makeNet(spec: NetSpec, shape: Shape): ScoreNet {
  if (typeof spec === 'object' && spec !== null && 'apply' in spec) return spec;
  const { name, options } = nameAndOptions('net', spec as string | Named);
  return entryOf('net', nets, name)(shape, options);
}
