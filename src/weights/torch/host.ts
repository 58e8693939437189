import { failure } from '../../errors.ts';
import { dict, type PickleHost, tuple } from '../pickle/machine.ts';
import { isKey, kindOf, type PickleDict, type PickleTuple, type PickleValue } from '../pickle/values.ts';
import { type Dtype, dtypeNames, storageClasses, untypedClasses } from './dtypes.ts';
import { checkedView, type StorageRef, type TensorRef } from './view.ts';

type Rule = (args: readonly PickleValue[], where: string) => PickleValue;

/** Every function that a checkpoint may call, with its meaning here. */
const CALLS: ReadonlyMap<string, Rule> = new Map<string, Rule>([
  ['collections.OrderedDict', orderedDict],
  ['torch._utils._rebuild_tensor', ([storage, ...view], where) => rebuild(storage, view, where)],
  ['torch._utils._rebuild_tensor_v2', ([storage, ...view], where) => rebuild(storage, view, where)],
  [
    'torch._utils._rebuild_tensor_v3',
    ([storage, ...view], where) => rebuild(storage, view, where, namedType(view[5], where)),
  ],
  ['torch._utils._rebuild_parameter', ([tensor = null], where) => opaque(asTensor(tensor, where))],
  ['torch.Size', ([extents = null], where) => tuple(itemsOf(extents, 'torch.Size', where))],
  ['torch.device', ([device = null]) => device],
]);

const allowed = (name: string) =>
  CALLS.has(name) || storageClasses.has(name) || untypedClasses.has(name) || dtypeNames.has(name);

/** Interprets the pickle of a torch checkpoint. Tensors become views of storages, which stay in the file. */
export function torchHost(where: string): PickleHost {
  return {
    allows: allowed,
    reduce: (name, args) => {
      const rule = CALLS.get(name);
      if (!rule) throw failure(`refused: the pickle calls ${name}`, { where });
      return rule(args, where);
    },
    persistent: id => opaque(storageOf(id, where)),
  };
}

const opaque = (value: object): PickleValue => ({ kind: 'opaque', value });

const inside = (value: PickleValue | undefined): object =>
  typeof value === 'object' && value?.kind === 'opaque' ? value.value : {};

/** The tensor behind a value of the pickle, if it is one. */
export const tensorIn = (value: PickleValue | undefined): TensorRef | undefined =>
  'strides' in inside(value) ? (inside(value) as TensorRef) : undefined;

export const storageIn = (value: PickleValue | undefined): StorageRef | undefined =>
  'bytes' in inside(value) ? (inside(value) as StorageRef) : undefined;

function asTensor(value: PickleValue, where: string): TensorRef {
  const tensor = tensorIn(value);
  if (!tensor) throw failure('a parameter that is not a tensor', { where, got: kindOf(value) });
  return tensor;
}

function orderedDict(args: readonly PickleValue[], where: string): PickleDict {
  const dictionary = dict();
  const pairs = args.length > 0 ? itemsOf(args[0]!, 'OrderedDict', where) : [];
  for (const pair of pairs) {
    const [key = null, value, ...rest] = itemsOf(pair, 'OrderedDict', where);
    if (!isKey(key) || value === undefined || rest.length > 0 || dictionary.entries.has(key))
      throw failure('a damaged OrderedDict', { where });
    dictionary.entries.set(key, value);
  }
  return dictionary;
}

function itemsOf(value: PickleValue, of: string, where: string): readonly PickleValue[] {
  if (typeof value === 'object' && (value?.kind === 'list' || value?.kind === 'tuple')) return value.items;
  throw failure(`a damaged ${of}`, { where, got: kindOf(value) });
}

/**
 * The arguments are ('storage', class, key, device, number of elements) and, in old files, a view of the
 * storage, which must be None.
 */
function storageOf({ items }: PickleTuple, where: string): StorageRef {
  const [what, kind = null, key, device, count, window = null] = items;
  const name = typeof kind === 'object' && kind?.kind === 'global' ? kind.name : '';
  const type = storageClasses.get(name);
  const valid = what === 'storage' && typeof key === 'string' && typeof device === 'string';
  if (!valid || !(type || untypedClasses.has(name)) || window !== null)
    throw failure('a damaged or unknown storage', {
      where,
      got: items.map(kindOf).join(', '),
      remedy: 'Load and save it again with a newer torch, or write safetensors.',
    });
  if (typeof count !== 'number' || !Number.isSafeInteger(count) || count < 0)
    throw failure('an impossible length of a storage', { where: `${where}, storage "${key}"`, got: count });
  return { key, bytes: count * (type?.size ?? 1), ...(type && { type }) };
}

function namedType(value: PickleValue | undefined, where: string): Dtype {
  const name = typeof value === 'object' && value?.kind === 'global' ? value.name : '';
  const type = dtypeNames.get(name);
  if (!type) throw failure('a tensor without a type', { where, got: kindOf(value ?? null) });
  return type;
}

/**
 * Tensor(storage, offset, shape, strides, …). The remaining arguments (requires_grad, hooks) do not matter.
 */
function rebuild(
  storage: PickleValue | undefined,
  [offset = null, shape = null, strides = null]: readonly PickleValue[],
  where: string,
  named?: Dtype,
): PickleValue {
  const ref = storageIn(storage);
  if (!ref) throw failure('a tensor without a storage', { where, got: kindOf(storage ?? null) });
  const type = named ?? ref.type;
  if (!type) throw failure('a tensor without a type', { where: `${where}, storage "${ref.key}"` });
  const number = (value: PickleValue) => (typeof value === 'number' ? value : Number.NaN);
  const numbers = (value: PickleValue) => itemsOf(value, 'tensor', where).map(number);
  const view = { shape: numbers(shape), strides: numbers(strides), offset: number(offset) };
  return opaque(checkedView({ storage: ref, type, ...view }, where));
}
