import type { Engine, Value } from '../engine/contract.ts';
import { usage } from '../errors.ts';
import type { ScoreModel } from '../score/contract.ts';
import { type PlainTensor, placesOf, type Shape, sizeOf } from '../tensor/index.ts';
import type { Integrator } from './integrate.ts';
import { deal, type Shares, sharesOf } from './lanes.ts';

/** Progress of work over many samples. */
export interface BatchProgress {
  /** Samples completed. */
  readonly done: number;
  /** Samples requested. */
  readonly count: number;
  /** Completed fraction of all the work, 0 to 1. */
  readonly fraction: number;
  /** Network evaluations of a sample so far. */
  readonly evaluations: number;
}

/** How work over many samples is divided, observed and stopped. */
export interface BatchOptions {
  /**
   * Rows of one micro-batch. The last one is padded, so that a sample's bits do not depend on how many are
   * requested. Default: one share for each thread, of 512 rows at most and fewer for large samples.
   */
  readonly batch?: number;
  /** Stops the work: it rejects with the signal's AbortError and frees its tensors. */
  readonly signal?: AbortSignal;
  /** Called with the progress after each part of the work. */
  readonly onProgress?: (progress: BatchProgress) => void;
}

export function requireBatch(batch: number | undefined): void {
  if (batch === undefined || (Number.isInteger(batch) && batch > 0)) return;
  throw usage('The batch size has to be a whole number above 0', { where: 'batch', got: batch });
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

/** Samples to move through an integrator from their initial values. */
export interface Journey {
  readonly engine: Engine;
  readonly model: ScoreModel;
  readonly integrator: Integrator;
  readonly count: number;
  /** The initial values of rows first … first + rows. */
  start(first: number, rows: number): PlainTensor;
  /** The end of the micro-batch from sample `first` on as its result, [rows, ...]; default: as it is. */
  finish?(x: Value, first: number, lane: number | undefined): Promise<Value>;
  /** Whether micro-batches must run one after the other, as an observer requires. */
  readonly single?: boolean;
}

/** Moves samples through an integrator in micro-batches, in parallel if the engine has lanes. */
export async function inBatches(
  { engine, model, integrator, count, start, finish = async x => x, single = false }: Journey,
  { batch, signal, onProgress }: BatchOptions,
): Promise<{ data: Float32Array; shape: Shape; evaluations: number }> {
  const { evaluations } = integrator;
  const { rows, lanes } = sharesFor(
    { engine, model, count, size: sizeOf(start(0, 1).shape), evaluations, single },
    batch,
  );
  const jobs = Math.ceil(count / rows);
  const parts = new Array<{ data: Float32Array; shape: Shape }>(jobs);
  const reached = new Float64Array(jobs);
  const totals = { evaluations: 0, done: 0 };
  const tell = () => {
    const fraction = Math.min(1, (rows * reached.reduce((sum, part) => sum + part, 0)) / count);
    onProgress?.({ done: Math.min(count, totals.done), count, fraction, evaluations: totals.evaluations });
  };
  await deal(jobs, lanes, signal, async (job, lane, stop) => {
    const x = engine.put(start(job * rows, rows));
    try {
      const solve = integrator.run(x, job * rows, { signal: stop, lane });
      let turn = await solve.next();
      for (; !turn.done; turn = await solve.next()) {
        totals.evaluations = Math.max(totals.evaluations, turn.value.evaluations);
        // The last micro-batch is padded: only the requested rows count.
        reached[job] = turn.value.fraction * Math.min(1, (count - job * rows) / rows);
        tell();
      }
      // A short solve is one call: whoever stops at its progress stops it too.
      stop.throwIfAborted();
      parts[job] = await collect(engine, turn.value, end => finish(end, job * rows, lane));
    } finally {
      engine.free(x);
    }
    totals.done += rows;
  });
  onProgress?.({ done: count, count, fraction: 1, evaluations: totals.evaluations });
  return { ...concatenated(parts, count), evaluations: totals.evaluations };
}

/** The size of a job for many samples. */
export interface Task extends Pick<Journey, 'engine' | 'count' | 'single'> {
  /** What is evaluated: the size of its weights and of a sample. */
  readonly model: Pick<ScoreModel, 'weights' | 'shape'>;
  /** Numbers in the state of one sample. */
  readonly size: number;
  /** Approximate network evaluations for each sample. */
  readonly evaluations: number;
}

/** How samples are divided. `batch` is the requested number of rows. */
export function sharesFor(
  { engine, model, count, size, evaluations, single = false }: Task,
  batch: number | undefined,
): Shares {
  requireBatch(batch);
  const weights = model.weights.reduce((sum, { shape }) => sum + sizeOf(shape), 0);
  const places = placesOf(model.shape);
  const { lanes, mostRows } = engine;
  const on = { lanes: single ? 1 : lanes, mostRows };
  return sharesOf({ count: requireCount(count), size, weights, places, evaluations, ...on, batch });
}

async function collect(engine: Engine, end: Value, finish: (x: Value) => Promise<Value>) {
  const result = await finish(end);
  const data = await engine.read(result);
  engine.free(...(result === end ? [end] : [end, result]));
  return { data, shape: result.shape };
}

function concatenated(parts: readonly { data: Float32Array; shape: Shape }[], count: number) {
  const each = parts[0]!.shape.slice(1);
  const data = new Float32Array(count * sizeOf(each));
  parts.forEach(({ data: part, shape }, i) => {
    const from = i * shape[0]! * sizeOf(each);
    data.set(part.subarray(0, Math.min(part.length, data.length - from)), from);
  });
  return { data, shape: [count, ...each] };
}
