import { failure } from '../errors.ts';
import type { TensorRef } from './torch/view.ts';

/**
 * Gives the names of the model to a list of averaged tensors, which has none. The list holds the parameters
 * that are trained, in the order of the model; what is not trained (buffers, Fourier frequencies) keeps the
 * model's own tensor. It is known by name where the published networks have it, else by its shape, and only
 * if there is one way to fit the list.
 */
export function alignShadows(
  shadows: readonly (TensorRef | undefined)[],
  model: ReadonlyMap<string, TensorRef> | undefined,
  where: string,
): Map<string, TensorRef> {
  const list = shadows.filter(shadow => shadow !== undefined);
  if (!model)
    throw failure('averaged weights without their names', {
      where,
      got: `a list of ${shadows.length} tensors, and no model beside it`,
      remedy: 'Save the state_dict of the model in the same file: {"model": ..., "ema": ...}',
    });
  if (list.length !== shadows.length || list.length === 0)
    throw failure('a damaged list of averaged weights', { where, got: `${shadows.length} entries` });
  const trained = [...model].filter(([name, ref]) => !isFrozen(name, ref));
  const matched = fits(trained, list) ? trained : aligned([...model], list);
  if (!matched)
    throw failure('the averaged weights cannot be matched with the names of the model', {
      where,
      got: `${list.length} averaged tensors, ${model.size} names`,
      remedy: 'Take the weights themselves instead of their average.',
    });
  const refs = new Map(model);
  matched.forEach(([name], i) => {
    refs.set(name, list[i]!);
  });
  return refs;
}

type Named = readonly [name: string, ref: TensorRef];

/**
 * The noise levels and Fourier frequencies of the published networks, and the statistics of batch
 * normalisation.
 */
const isFrozen = (name: string, { shape }: TensorRef): boolean =>
  /(^|\.)(sigmas|running_mean|running_var|num_batches_tracked)$/.test(name) ||
  (/(^|\.)W$/.test(name) && shape.length === 1);

const alike = (a: TensorRef, b: TensorRef): boolean =>
  a.shape.length === b.shape.length && a.shape.every((extent, axis) => extent === b.shape[axis]);

const fits = (names: readonly Named[], list: readonly TensorRef[]): boolean =>
  names.length === list.length && names.every(([, ref], i) => alike(ref, list[i]!));

/**
 * The only way to find the list in order among the names: taking each as early and as late as can be agrees.
 */
function aligned(names: readonly Named[], list: readonly TensorRef[]): Named[] | undefined {
  const early = earliest(names, list);
  const late = earliest([...names].reverse(), [...list].reverse())?.reverse();
  return early && late && early.every((named, i) => named === late[i]) ? early : undefined;
}

function earliest(names: readonly Named[], list: readonly TensorRef[]): Named[] | undefined {
  const found: Named[] = [];
  for (const named of names) {
    const next = list[found.length];
    if (next && alike(named[1], next)) found.push(named);
  }
  return found.length === list.length ? found : undefined;
}
