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
  } & NonNullable<Parameters<(typeof nets)[N]['make']>[1]>;
}[NetName];

/**
 * Makes a network for samples of a shape `[...D]`; `options` are those that a stored run kept, where it is
 * opened again.
 */
export type NetFactory = (shape: Shape, options?: Readonly<Record<string, unknown>>) => ScoreNet;

/**
 * What may stand for a network: a name, a name with its options, or a network of your own, made or to be
 * made.
 */
export type NetSpec = NetName | NetOptions | ScoreNet | NetFactory;

/**
 * A network for samples of `shape`, by name, by name with options, or as a value.
 * @throws usage for an unknown name (with the nearest that there is) and for options that cannot be
 */
export function makeNet(spec: NetSpec, shape: Shape): ScoreNet {
  if (typeof spec === 'function') return spec(shape);
  if (isNet(spec)) return spec;
  const { name, options } = nameAndOptions('net', spec as string | Named);
  return entryOf('net', nets, name).make(shape, options);
}

/** Whether this is a network itself, and not its name. */
export const isNet = (spec: NetSpec): spec is ScoreNet =>
  typeof spec === 'object' && spec !== null && 'apply' in spec;
