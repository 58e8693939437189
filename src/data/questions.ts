import type { Key } from '../random/index.ts';
import type { PlainTensor } from '../tensor/types.ts';
import { type MaskOptions, maskStates } from './masks.ts';
import type { TableTransform } from './units/contract.ts';
import { STATES } from './units/gaussian.ts';

/** The questions that a data set poses about its rows, as states of their coordinates, `[n, D]`. */
export interface Questions {
  /** Those of a training batch: drawn at random if the model learns every question. */
  ofBatch(points: Float64Array, key: Key, step: number): Uint8Array;
  /** Those of rows that are read: what is always known is known, everything else is generated. */
  ofRows(points: Float64Array): Uint8Array;
  /** Points to coordinates; 0 for what is not generated. */
  forward<T extends Float32Array | Float64Array>(points: Float64Array, states: Uint8Array, out: T): T;
  /** The contexts of rows, `[n, W]`. */
  context(points: Float64Array, states: Uint8Array): PlainTensor;
}

/** The questions about rows of this transform. A missing value is absent in every question. */
export function questionsOf(transform: TableTransform, masks: MaskOptions): Questions {
  const { size, width } = transform;
  const statesOf = (options: MaskOptions, points: Float64Array, key: Key, step: number) => {
    const states = transform.states(maskStates(options, key, step, points.length / size, width));
    for (let i = 0; i < states.length; i++) if (Number.isNaN(points[i])) states[i] = STATES.absent;
    return states;
  };
  return {
    ofBatch: (points, key, step) => statesOf(masks, points, key, step),
    ofRows: points => statesOf({ ...masks, random: false }, points, { seed: 0, stream: 'rows' }, 0),
    forward: (points, states, out) => transform.forward(points, out, states),
    context: (points, states) => transform.context(points, states),
  };
}
