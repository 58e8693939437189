import { failure } from '../errors.ts';
import { alignShadows } from './averaged-weights.ts';
import {
  kindOf,
  type PickleDict,
  type PickleList,
  type PickleTuple,
  type PickleValue,
} from './pickle/values.ts';
import { tensorIn } from './torch/host.ts';
import type { TensorRef } from './torch/view.ts';

/** Weights as trained, or their moving average. */
export type WeightsKind = 'model' | 'ema';

/** The tensors of a checkpoint by name, still in the file. */
export interface Chosen {
  readonly refs: ReadonlyMap<string, TensorRef>;
  readonly kind: WeightsKind;
  readonly step?: number;
}

const MODEL_KEYS = ['model', 'state_dict', 'model_state_dict', 'params', 'net'];
const EMA_KEYS = ['ema', 'ema_state_dict', 'model_ema', 'params_ema', 'ema_model'];

const dictIn = (value: PickleValue | undefined): PickleDict | undefined =>
  typeof value === 'object' && value?.kind === 'dict' ? value : undefined;

const sequenceIn = (value: PickleValue | undefined): PickleList | PickleTuple | undefined =>
  typeof value === 'object' && (value?.kind === 'list' || value?.kind === 'tuple') ? value : undefined;

/**
 * The weights in a checkpoint of one of the published layouts: a `state_dict`; a dict of dicts with a model and perhaps a
 * moving average (`{optimizer, model, ema: {shadow_params: […]}, step}`); or a list that begins with a `state_dict`
 * and may end with an averaged one.
 * @param wanted which; by default the average where there is one
 */
export function chooseWeights(root: PickleValue, wanted: WeightsKind | undefined, where: string): Chosen {
  const found = findWeights(root, where);
  const kind = wanted ?? (found.ema ? 'ema' : 'model');
  const refs = kind === 'ema' ? found.ema : found.model;
  if (!refs)
    throw failure(kind === 'ema' ? 'it holds no moving average' : 'it holds no plain weights', {
      where,
      remedy: `Take the ${kind === 'ema' ? 'weights themselves' : 'moving average'}.`,
    });
  return { refs: withoutPrefix(refs), kind, ...(found.step !== undefined && { step: found.step }) };
}

interface Found {
  readonly model?: ReadonlyMap<string, TensorRef> | undefined;
  readonly ema?: ReadonlyMap<string, TensorRef> | undefined;
  readonly step?: number | undefined;
}

function findWeights(root: PickleValue, where: string): Found {
  const top = dictIn(root);
  if (top && [...top.entries.values()].some(tensorIn)) return { model: stateDict(top, where) };
  if (top) return fromDict(top, where);
  const items = sequenceIn(root)?.items;
  const first = dictIn(items?.[0]);
  if (items && first) {
    const average = items.length > 1 ? dictIn(items.at(-1)) : undefined;
    const averaged = average && [...average.entries.values()].some(tensorIn);
    return { model: stateDict(first, where), ...(averaged && { ema: stateDict(average, where) }) };
  }
  throw unknownLayout(root, where);
}

function fromDict(top: PickleDict, where: string): Found {
  const pick = (keys: readonly string[]) => {
    const key = keys.find(name => dictIn(top.entries.get(name)));
    return key === undefined ? undefined : dictIn(top.entries.get(key));
  };
  const [model, ema] = [pick(MODEL_KEYS), pick(EMA_KEYS)];
  if (!model && !ema) throw unknownLayout(top, where);
  const [weights, step] = [model && stateDict(model, where), top.entries.get('step')];
  const shadows = sequenceIn(ema?.entries.get('shadow_params'))?.items;
  return {
    model: weights,
    ema: shadows ? alignShadows(shadows.map(tensorIn), weights, where) : ema && stateDict(ema, where),
    step: typeof step === 'number' ? step : undefined,
  };
}

function stateDict({ entries }: PickleDict, where: string): Map<string, TensorRef> {
  const refs = new Map<string, TensorRef>();
  for (const [name, value] of entries) {
    const tensor = tensorIn(value);
    if (typeof name !== 'string' || !tensor)
      throw failure('not a tensor where a named tensor is expected', {
        where: `${where}, entry ${JSON.stringify(String(name))}`,
        got: kindOf(value),
      });
    refs.set(name, tensor);
  }
  return refs;
}

/** Training on several devices puts `module.` before every name. */
function withoutPrefix(refs: ReadonlyMap<string, TensorRef>): ReadonlyMap<string, TensorRef> {
  const names = [...refs.keys()];
  if (!names.every(name => name.startsWith('module.'))) return refs;
  return new Map([...refs].map(([name, ref]) => [name.slice('module.'.length), ref]));
}

function unknownLayout(root: PickleValue, where: string) {
  const top = dictIn(root);
  return failure('a layout of checkpoint that is not known', {
    where,
    got: top ? `a dict of ${[...top.entries.keys()].slice(0, 8).join(', ')}` : `a ${kindOf(root)}`,
    expected: `a state_dict, or a dict with one under ${MODEL_KEYS.join(', ')}`,
  });
}
