import { failure } from '../errors.ts';
import type { PlainParams } from '../tensor/types.ts';
import { namesIn } from './prefixes.ts';

/** Tensors of the published checkpoints that no network uses: the table of noise levels. */
const UNUSED = /(^|\.)sigmas$/;
/**
 * The number of lines in an error. All kinds of faults share it, so that a long list of one kind never hides
 * another.
 */
const SHOWN = 20;

/** The weights of a network by name, each with its shape. */
export type WeightShapes = Readonly<
  Record<
    string,
    {
      /** The lengths of the axes. */
      readonly shape: readonly number[];
    }
  >
>;

/**
 * Imported weights in the form that a network needs: its names, in its order. If all names of the file share
 * a prefix, and without it they are those of the network, the prefix is removed. Names without dots get
 * their dots back.
 * @throws failure that names the tensors that are missing, not needed or of another shape (20 of them)
 */
export function fitWeights(params: PlainParams, form: WeightShapes, where: string): PlainParams {
  const fitting = withDots(withoutShared(params, form), form);
  const weights = Object.fromEntries(
    Object.entries(fitting).filter(([name]) => has(form, name) || !UNUSED.test(name)),
  );
  return inOrder(weights, form, ({ missing, unexpected, reshaped }) => {
    const kinds = [
      missing.map(name => `${name} is missing`),
      unexpected.map(name => `${name} is not needed`),
    ];
    const lines = shortened([...kinds, reshaped]);
    return failure(`the weights do not fit the network:\n  ${lines.join('\n  ')}\n`, { where });
  });
}

/** How weights differ from those of a network. */
export interface WeightDifferences {
  /** Names of the network alone. */
  readonly missing: readonly string[];
  /** Names of the weights alone. */
  readonly unexpected: readonly string[];
  /** Tensors of another shape, each with both shapes: `w is [2], not [3]`. */
  readonly reshaped: readonly string[];
}

/** The weights in the order of the network. @throws what `refuse` makes of the differences, if any */
export function inOrder(
  params: PlainParams,
  form: WeightShapes,
  refuse: (differences: WeightDifferences) => Error,
): PlainParams {
  const names = Object.keys(form);
  const common = names.filter(name => has(params, name));
  const missing = names.filter(name => !has(params, name));
  const unexpected = Object.keys(params).filter(name => !has(form, name));
  const reshaped = common
    .filter(name => params[name]!.shape.join() !== form[name]!.shape.join())
    .map(name => `${name} is [${params[name]!.shape}], not [${form[name]!.shape}]`);
  if (missing.length + unexpected.length + reshaped.length > 0)
    throw refuse({ missing, unexpected, reshaped });
  return Object.fromEntries(names.map(name => [name, params[name]!]));
}

const has = (names: object, name: string) => Object.hasOwn(names, name);

/** The lines of all kinds, each kind cut to its share. */
function shortened(kinds: readonly (readonly string[])[]): string[] {
  const present = kinds.filter(lines => lines.length > 0);
  const share = Math.floor(SHOWN / present.length);
  return present.flatMap(lines =>
    lines.length > share ? [...lines.slice(0, share), `and ${lines.length - share} more`] : lines,
  );
}

function withoutShared(params: PlainParams, form: WeightShapes): PlainParams {
  const names = Object.keys(params);
  const first = Object.keys(form)[0];
  const whole = names.find(name => first !== undefined && name.endsWith(`.${first}`));
  const prefix = whole?.slice(0, whole.length - first!.length);
  if (prefix === undefined || !names.every(name => name.startsWith(prefix))) return params;
  const inner = Object.fromEntries(names.map(name => [name.slice(prefix.length), params[name]!]));
  return Object.keys(form).every(name => has(inner, name)) ? inner : params;
}

function withDots(params: PlainParams, form: WeightShapes): PlainParams {
  const names = namesIn(Object.keys(params), Object.keys(form));
  return names
    ? Object.fromEntries(Object.entries(params).map(([name, tensor]) => [names.get(name)!, tensor]))
    : params;
}
