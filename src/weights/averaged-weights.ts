import { failure } from '../errors.ts';
import type { TensorRef } from './torch/view.ts';

/**
 * Finds the names of averaged tensors that a file stores as a list without names. The list contains the
 * trained parameters in the order of the model. What is not trained (buffers, Fourier frequencies) keeps the
 * tensor of the model. These untrained tensors are recognised by their names in the published networks,
 * otherwise by their shape, and only if the list fits in exactly one way.
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
      got: `a list of ${shadows.length} tensors, without the model`,
      remedy: 'Save the state_dict of the model in the same file: {"model": ..., "ema": ...}',
    });
  if (list.length !== shadows.length || list.length === 0)
    throw failure('a damaged list of averaged weights', { where, got: `${shadows.length} entries` });
  const parameters = [...model].filter(([name, ref]) => !isFrozen(name, ref));
  const matches = fits(parameters, list) ? parameters : aligned([...model], list);
  if (!matches)
    throw failure('the averaged weights cannot be matched with the names of the model', {
      where,
      got: `${list.length} averaged tensors, ${model.size} names`,
      remedy: 'Take the weights themselves instead of their average.',
    });
  const refs = new Map(model);
  matches.forEach(([name], i) => {
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
 * The only way to find the list, in order, among the names. It is unique if taking each tensor as early as
 * possible and as late as possible gives the same result.
 */
function aligned(names: readonly Named[], list: readonly TensorRef[]): Named[] | undefined {
  const early = earliest(names, list);
  const late = earliest([...names].reverse(), [...list].reverse())?.reverse();
  return early && late && early.every((entry, i) => entry === late[i]) ? early : undefined;
}

function earliest(names: readonly Named[], list: readonly TensorRef[]): Named[] | undefined {
  const matches: Named[] = [];
  for (const entry of names) {
    const next = list[matches.length];
    if (next && alike(entry[1], next)) matches.push(entry);
  }
  return matches.length === list.length ? matches : undefined;
}
