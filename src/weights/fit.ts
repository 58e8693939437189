import { failure } from '../errors.ts';
import type { PlainParams } from '../tensor/types.ts';

/** Tensors of the published checkpoints that no network computes with: the table of noise levels. */
const UNUSED = /(^|\.)sigmas$/;
const SHOWN = 20;

/**
 * Imported weights as a network wants them: its names, in its order.
 * @throws failure that names every tensor missing, not wanted, or of another shape (the first 20 of them)
 */
export function fitWeights(
  params: PlainParams,
  wanted: Readonly<Record<string, { readonly shape: readonly number[] }>>,
  where: string,
): PlainParams {
  const has = (names: object, name: string) => Object.hasOwn(names, name);
  const sameShape = (name: string) => params[name]!.shape.join() === wanted[name]!.shape.join();
  const wrong = [
    ...Object.keys(wanted)
      .filter(name => !has(params, name))
      .map(name => `${name} is missing`),
    ...Object.keys(params)
      .filter(name => !has(wanted, name) && !UNUSED.test(name))
      .map(name => `${name} is not wanted`),
    ...Object.keys(wanted)
      .filter(name => has(params, name) && !sameShape(name))
      .map(name => `${name} is [${params[name]!.shape}], not [${wanted[name]!.shape}]`),
  ];
  if (wrong.length > 0) {
    const more = wrong.length > SHOWN ? [`and ${wrong.length - SHOWN} more`] : [];
    const list = [...wrong.slice(0, SHOWN), ...more].join('\n  ');
    throw failure(`the weights do not fit the network:\n  ${list}\n`, { where });
  }
  return Object.fromEntries(Object.keys(wanted).map(name => [name, params[name]!]));
}
