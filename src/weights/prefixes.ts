import type { WeightsKind } from './kind.ts';

/** A tensor; only its shape matters here. */
interface Shaped {
  readonly shape: readonly number[];
}

/** Tensors by name: trained weights and their moving average, separated if the names distinguish them. */
export type Named<Tensor> = Readonly<Partial<Record<WeightsKind, ReadonlyMap<string, Tensor>>>>;

/** Prefixes that wrappers put before every name: compilation, several devices, a trainer around its model. */
const WRAPPERS = ['_orig_mod.', 'module.', 'model.', 'online_model.'];
/** Prefixes that wrappers with an average put before the averaged names. */
const AVERAGES = ['ema_model.', 'model_ema.', 'averaged_model.', 'ema.'];

/**
 * Separates tensors by the prefixes of their names, and removes the prefixes. A prefix counts only if all
 * names have a prefix of its kind. Counters of the wrapper (single numbers such as `step`, without a prefix)
 * are left out.
 */
export function withoutPrefixes<Tensor extends Shaped>(tensors: ReadonlyMap<string, Tensor>): Named<Tensor> {
  const averaged = bare(only(tensors, isAveraged));
  if (averaged.size === 0) return { model: bare(tensors) };
  const rest = bare(only(tensors, name => !isAveraged(name)));
  if (![...rest.values()].some(isWeight)) return { ema: averaged };
  return { model: rest, ema: completed(averaged, rest) };
}

/**
/**
 * An average under the names of its model, completed by the tensors that it does not contain because they are
 * not trained: these come from the model.
 */
export function completed<Tensor extends Shaped>(
  average: ReadonlyMap<string, Tensor>,
  model: ReadonlyMap<string, Tensor> | undefined,
): ReadonlyMap<string, Tensor> {
  if (!model) return average;
  // Counters of the wrapper are not the model's.
  const averages = only(average, name => model.has(name) || isWeight(average.get(name)!));
  const names = namesIn([...averages.keys()], [...model.keys()]);
  if (!names) return average;
  return new Map([...model, ...[...averages].map(([name, tensor]) => [names.get(name)!, tensor] as const)]);
}

/**
 * The model's name for each of these names. Some averages keep names without their dots, since a buffer of
 * torch may have none: `outweight` for `out.weight`. Undefined where a name is unknown or has two meanings.
 */
export function namesIn(
  names: readonly string[],
  model: readonly string[],
): ReadonlyMap<string, string> | undefined {
  const modelNames = new Set(model);
  if (names.every(name => modelNames.has(name))) return new Map(names.map(name => [name, name]));
  const dotted = new Map(model.map(name => [name.replaceAll('.', ''), name]));
  const clear = dotted.size === modelNames.size && names.every(name => dotted.has(name));
  return clear ? new Map(names.map(name => [name, dotted.get(name)!])) : undefined;
}

const isAveraged = (name: string): boolean => AVERAGES.some(prefix => name.startsWith(prefix));

const isWeight = ({ shape }: Shaped): boolean => shape.length > 0;

const only = <Tensor>(tensors: ReadonlyMap<string, Tensor>, holds: (name: string) => boolean) =>
  new Map([...tensors].filter(([name]) => holds(name)));

function bare<Tensor extends Shaped>(tensors: ReadonlyMap<string, Tensor>): ReadonlyMap<string, Tensor> {
  const weights = [...tensors].filter(([, tensor]) => isWeight(tensor));
  const prefix = [...WRAPPERS, ...AVERAGES].find(
    start => weights.length > 0 && weights.every(([name]) => name.startsWith(start) && name !== start),
  );
  if (prefix === undefined) return tensors;
  const inner = [...tensors].filter(([name]) => name.startsWith(prefix));
  return bare(new Map(inner.map(([name, tensor]) => [name.slice(prefix.length), tensor])));
}
