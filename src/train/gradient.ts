import type { Objective } from '../objectives/index.ts';
import { fillNormal, fillRademacher, key } from '../random/index.ts';
import {
  concat,
  fromHost,
  type PlainTensor,
  reshape,
  type Shape,
  sizeOf,
  type Tensor,
  valueAndGrad,
} from '../tensor/index.ts';
import { type Drops, dropoutMasks } from './dropout.ts';
import { type Layout, pieces } from './flat.ts';

/** What is learned, and the shape of its samples. */
export interface Task {
  readonly objective: Objective;
  readonly layout: Layout;
  readonly shape: Shape;
  readonly batch: number;
  readonly seed: number;
  /** Features dropped in training. */
  readonly drops?: Drops | undefined;
}

/** The clean data of a step, [batch, ...shape]; for a model with classes also their labels, one-hot. */
export interface StepArgs {
  readonly step: number;
  readonly x0: Float32Array;
  readonly labels?: PlainTensor | undefined;
  /** The contexts of the rows, for a conditional model, [batch, 3·D]. */
  readonly context?: PlainTensor | undefined;
}

/** Rows first … first + rows of the batch. */
export interface Share {
  readonly first: number;
  readonly rows: number;
}

/**
 * The mean loss of a share of a step's batch, and its gradient, which is as long as `theta`. The keys of
 * random numbers are (seed, stream, row, step). So the mean over all shares is the loss of the batch, however
 * it is divided.
 */
export function lossAndGradient(
  task: Task,
  theta: Tensor,
  { step, x0, labels, context }: StepArgs,
  { first, rows }: Share,
  negatives?: Tensor,
): { loss: Tensor; gradient: Tensor } {
  const { objective, layout, shape, batch, seed, drops } = task;
  const size = sizeOf(shape);
  const full = [rows, ...shape];
  const at = { step, first, size };
  const noise = new Float32Array(sizeOf(full));
  fillNormal(noise, key(seed, 'noise'), at);
  const directions = (k: number) => {
    const signs = new Float32Array(sizeOf(full));
    fillRademacher(signs, key(seed, `direction-${k}`), at);
    return fromHost(signs, full);
  };
  const shareOf = (data: Float32Array, each: number) => data.subarray(first * each, (first + rows) * each);
  const [data, z] = [fromHost(shareOf(x0, size), full), fromHost(noise, full)];
  const times = objective.times(seed, step, batch).subarray(first, first + rows);
  const ofRows = (tensor: PlainTensor | undefined) => {
    if (!tensor) return [];
    const width = tensor.shape[1]!;
    return [fromHost(shareOf(tensor.data, width), [rows, width])];
  };
  // Contexts, labels and masks stand behind the weights, but are none: no gradient, no step.
  const extras = [
    ...ofRows(context),
    ...ofRows(labels),
    ...(drops ? dropoutMasks(drops, seed, step, { first, rows }) : []),
  ];
  const { value, grads } = valueAndGrad(
    weights => objective.loss([...weights, ...extras], data, z, times, directions, negatives),
    pieces(theta, layout),
  );
  const flat = grads.map((g, i) => reshape(g, [layout.sizes[i]!]));
  return { loss: reshape(value, [1]), gradient: concat(flat, 0) };
}
