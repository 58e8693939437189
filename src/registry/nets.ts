import type { ScoreNet } from '../score/contract.ts';
import { nets } from '../score/nets/index.ts';
import type { Shape } from '../tensor/index.ts';
import { entryOf, type Named, nameAndOptions } from './named.ts';

/** A name in `nets`. */
export type NetName = keyof typeof nets;

/** A network by name, with its own options. */
export type NetOptions = {
  [N in NetName]: {
    /** A name in `nets`. */
    readonly name: N;
  } & NonNullable<Parameters<(typeof nets)[N]>[1]>;
}[NetName];

/**
 * Makes a network for samples of shape `[...D]`. When a stored run is opened again, `options` are the options
 * stored in it.
 */
export type NetFactory = (shape: Shape, options?: Readonly<Record<string, unknown>>) => ScoreNet;

/** A network: a name, a name with its options, a network of your own, or a function that makes one. */
export type NetSpec = NetName | NetOptions | ScoreNet | NetFactory;

/**
 * Makes a network for samples of `shape` from a name, a name with options, or a value.
 * @throws usage for an unknown name (the error suggests the nearest one) and for invalid options
 */
export function makeNet(spec: NetSpec, shape: Shape): ScoreNet {
  if (typeof spec === 'function') return spec(shape);
  if (isNet(spec)) return spec;
  const { name, options } = nameAndOptions('net', spec as string | Named);
  return entryOf('net', nets, name)(shape, options);
}

/** Whether this is a network and not a name. */
export const isNet = (spec: NetSpec): spec is ScoreNet =>
  typeof spec === 'object' && spec !== null && 'apply' in spec;
