import { failure } from '../errors.ts';
import { alignShadows } from './averaged-weights.ts';
import type { WeightsKind } from './kind.ts';
import {
  kindOf,
  type PickleDict,
  type PickleList,
  type PickleTuple,
  type PickleValue,
} from './pickle/values.ts';
import { completed, type Named, withoutPrefixes } from './prefixes.ts';
import { tensorIn } from './torch/host.ts';
import type { TensorRef } from './torch/view.ts';

/** The tensors of a checkpoint by name; their numbers are still in the file. */
export interface ChosenWeights {
  readonly refs: ReadonlyMap<string, TensorRef>;
  readonly kind: WeightsKind;
  readonly step?: number;
}

/** The names under which published trainers store the weights and the average, at the top of a checkpoint. */
const MODEL_KEYS = ['model', 'state_dict', 'model_state_dict', 'params', 'net', 'network', 'module'];
const EMA_KEYS = [
  ...['ema', 'ema_state_dict', 'ema_model_state_dict', 'model_ema', 'params_ema', 'ema_model'],
  ...['state_dict_ema', 'net_ema', 'ema_params', 'averaged_model', 'shadow', 'shadow_params'],
];
/** The largest depth of containers inside containers; no trainer uses more. */
const MOST_DEPTH = 4;

const dictIn = (value: PickleValue | undefined): PickleDict | undefined =>
  typeof value === 'object' && value?.kind === 'dict' ? value : undefined;

const sequenceIn = (value: PickleValue | undefined): PickleList | PickleTuple | undefined =>
  typeof value === 'object' && (value?.kind === 'list' || value?.kind === 'tuple') ? value : undefined;

const hasTensors = ({ entries }: PickleDict): boolean => [...entries.values()].some(tensorIn);

/**
 * The weights in a checkpoint with one of the published layouts. A layout is a `state_dict`; or a dict that
 * contains one, and perhaps a moving average, under a known name (`{optimizer, model, ema: {shadow: {…}},
 * step}`); or a list that begins with a `state_dict` and may end with an averaged one. Prefixes that wrappers
 * put before every name are removed.
 * @param wanted which weights; by default the average, if there is one
 */
export function chooseWeights(
  root: PickleValue,
  wanted: WeightsKind | undefined,
  where: string,
): ChosenWeights {
  const { step, ...weights } = findWeights(root, where);
  return { ...choose(weights, wanted, where), ...(step !== undefined && { step }) };
}

/** The weights of one kind; by default the average, if there is one. */
export function choose<Tensor>(
  weights: Named<Tensor>,
  wanted: WeightsKind | undefined,
  where: string,
): { refs: ReadonlyMap<string, Tensor>; kind: WeightsKind } {
  const kind = wanted ?? (weights.ema ? 'ema' : 'model');
  const refs = weights[kind];
  if (refs) return { refs, kind };
  throw failure(kind === 'ema' ? 'the file has no moving average' : 'the file has no plain weights', {
    where,
    remedy: `Take the ${kind === 'ema' ? 'weights themselves: --weights model' : 'moving average: --weights ema'}`,
  });
}

interface Layout extends Named<TensorRef> {
  readonly step?: number;
}

function findWeights(root: PickleValue, where: string): Layout {
  const top = dictIn(root);
  if (top) return fromDict(top, where);
  const items = sequenceIn(root)?.items;
  const first = dictIn(items?.[0]);
  if (!items || !first) throw unknownLayout(root, where);
  const average = items.length > 1 ? dictIn(items.at(-1)) : undefined;
  const ema = average && hasTensors(average) ? namesOf(average, where).model : undefined;
  return { ...namesOf(first, where), ...(ema && { ema }) };
}

/**
 * Known names come first, because a checkpoint can also contain tensors that are not weights, such as its
 * step.
 */
function fromDict(top: PickleDict, where: string): Layout {
  const model = dictIn(under(top, MODEL_KEYS, MODEL_KEYS));
  const ema = under(top, EMA_KEYS, [...EMA_KEYS, ...MODEL_KEYS]);
  if (!model && !ema) {
    if (hasTensors(top)) return namesOf(top, where);
    throw unknownLayout(top, where);
  }
  const parts = model ? namesOf(model, where) : {};
  const step = top.entries.get('step');
  return {
    ...parts,
    ...(ema && { ema: averageOf(ema, parts.model, where) }),
    ...(typeof step === 'number' && { step }),
  };
}

/** The `state_dict` or the list of averaged tensors under the first of these names that has one. */
function under(
  { entries }: PickleDict,
  keys: readonly string[],
  inside: readonly string[],
  depth = 0,
): PickleDict | PickleList | PickleTuple | undefined {
  for (const key of keys) {
    const value = entries.get(key);
    const list = sequenceIn(value);
    if (list && list.items.length > 0 && list.items.every(tensorIn)) return list;
    const inner = dictIn(value);
    if (!inner) continue;
    const deeper = depth < MOST_DEPTH ? under(inner, inside, inside, depth + 1) : undefined;
    if (deeper ?? hasTensors(inner)) return deeper ?? inner;
  }
  return undefined;
}

/**
 * The average by name. Tensors that it does not contain, because they are not trained, come from the model.
 */
function averageOf(
  value: PickleDict | PickleList | PickleTuple,
  model: ReadonlyMap<string, TensorRef> | undefined,
  where: string,
): ReadonlyMap<string, TensorRef> {
  if (value.kind !== 'dict') return alignShadows(value.items.map(tensorIn), model, where);
  const parts = namesOf(value, where);
  return completed(parts.ema ?? parts.model!, model);
}

const namesOf = (state: PickleDict, where: string) => withoutPrefixes(stateDict(state, where));

/** The tensors of a dict, without its numbers, strings and None (such as a decay or a version). */
function stateDict({ entries }: PickleDict, where: string): Map<string, TensorRef> {
  const refs = new Map<string, TensorRef>();
  for (const [name, value] of entries) {
    const tensor = tensorIn(value);
    if (!tensor && (value === null || typeof value !== 'object')) continue;
    if (typeof name !== 'string' || !tensor)
      throw failure('not a tensor where a named tensor is expected', {
        where: `${where}, entry ${JSON.stringify(String(name))}`,
        got: kindOf(value),
      });
    refs.set(name, tensor);
  }
  return refs;
}

function unknownLayout(root: PickleValue, where: string) {
  const top = dictIn(root);
  return failure('a checkpoint of an unknown layout', {
    where,
    got: top ? `a dict of ${[...top.entries.keys()].slice(0, 8).join(', ')}` : `a ${kindOf(root)}`,
    expected: `a state_dict, or a dict with one under ${MODEL_KEYS.join(', ')}`,
    remedy: 'Save the state_dict alone: torch.save(model.state_dict(), path)',
  });
}
