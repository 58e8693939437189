import type { Engine, Value } from '../engine/contract.ts';
import { usage } from '../errors.ts';
import { type PlainTensor, type Shape, sizeOf } from '../tensor/index.ts';
import type { Integrator } from './integrate.ts';

/** How far work over many samples has come. */
export interface BatchProgress {
  readonly done: number;
  readonly count: number;
  /** The part of all the work done, 0 to 1. */
  readonly fraction: number;
  /** Network evaluations of a sample so far. */
  readonly evaluations: number;
}

/** How work over many samples is cut up, watched and stopped. */
export interface BatchOptions {
  /**
   * Rows of one micro-batch; the last is padded, so that a sample's bits do not depend on how many are asked for.
   * Default 512, fewer for samples of more than 128 numbers.
   */
  readonly batch?: number;
  readonly signal?: AbortSignal;
  readonly onProgress?: (progress: BatchProgress) => void;
}

const MOST_ROWS = 512;
/** Numbers of a default micro-batch: a network holds hundreds of times as many on its way. */
const MOST_NUMBERS = 1 << 16;

/** Default micro-batch of samples of `size` numbers: the next power of two for small counts, so that little is wasted. */
export function batchFor(count: number, size: number, batch?: number): number {
  if (batch !== undefined && !(Number.isInteger(batch) && batch > 0)) {
    throw usage('The batch size has to be a whole number above 0', { where: 'batch', got: batch });
  }
  const most = Math.min(MOST_ROWS, 2 ** Math.floor(Math.log2(Math.max(1, MOST_NUMBERS / size))));
  return batch ?? Math.min(most, 2 ** Math.ceil(Math.log2(Math.max(1, count))));
}

export function requireCount(count: number): number {
  if (Number.isInteger(count) && count > 0) return count;
  throw usage('The number of samples has to be a whole number above 0', { where: 'count', got: count });
}

/** Rows `from` … of a tensor, padded to `rows` by repeating the last. */
export function padded({ data, shape }: PlainTensor, from: number, rows: number): PlainTensor {
  const size = sizeOf(shape.slice(1));
  const count = shape[0]!;
  const out = new Float32Array(rows * size);
  for (let i = 0; i < rows; i++) {
    const row = Math.min(from + i, count - 1);
    out.set(data.subarray(row * size, (row + 1) * size), i * size);
  }
  return { data: out, shape: [rows, ...shape.slice(1)] };
}

/**
 * Carries `count` samples through an integrator in micro-batches. `start(first, rows)` gives where rows first … first + rows
 * begin; `finish` turns the end of a micro-batch into its result, [rows, ...].
 */
export async function inBatches(
  engine: Engine,
  integrator: Integrator,
  count: number,
  start: (first: number, rows: number) => PlainTensor,
  finish: (x: Value) => Promise<Value>,
  { batch, signal, onProgress }: BatchOptions & { readonly first?: number },
): Promise<{ data: Float32Array; shape: Shape; evaluations: number }> {
  const size = sizeOf(start(0, 1).shape);
  const rows = batchFor(requireCount(count), size, batch);
  const parts: { data: Float32Array; shape: Shape }[] = [];
  const totals = { evaluations: 0 };
  for (let done = 0; done < count; done += rows) {
    signal?.throwIfAborted();
    const x = engine.put(start(done, rows));
    try {
      const solve = integrator.run(x, done, signal);
      let turn = await solve.next();
      for (; !turn.done; turn = await solve.next()) {
        totals.evaluations = Math.max(totals.evaluations, turn.value.evaluations);
        const fraction = Math.min(1, (done + Math.min(rows, count - done) * turn.value.fraction) / count);
        onProgress?.({ done, count, fraction, evaluations: totals.evaluations });
      }
      parts.push(await collect(engine, turn.value, finish));
    } finally {
      engine.free(x);
    }
  }
  onProgress?.({ done: count, count, fraction: 1, evaluations: totals.evaluations });
  return { ...joined(parts, count), evaluations: totals.evaluations };
}

async function collect(engine: Engine, end: Value, finish: (x: Value) => Promise<Value>) {
  const result = await finish(end);
  const data = await engine.read(result);
  engine.free(...(result === end ? [end] : [end, result]));
  return { data, shape: result.shape };
}

function joined(parts: readonly { data: Float32Array; shape: Shape }[], count: number) {
  const each = parts[0]!.shape.slice(1);
  const data = new Float32Array(count * sizeOf(each));
  parts.forEach(({ data: part, shape }, i) => {
    const from = i * shape[0]! * sizeOf(each);
    data.set(part.subarray(0, Math.min(part.length, data.length - from)), from);
  });
  return { data, shape: [count, ...each] };
}
