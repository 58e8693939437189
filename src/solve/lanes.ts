/** Numbers of a default micro-batch, of all lanes together: a network holds hundreds of times as many on its way. */
const MOST_NUMBERS = 1 << 16;
const MOST_ROWS = 512;
/** Multiplications (about: rows × places × weights) of one evaluation below which a micro-batch is too little for a thread of its own. */
const LEAST_WORK = 2 ** 20;
/** Multiplications of all evaluations below which workers are not worth starting, which takes a tenth of a second, once. */
const LEAST_IN_ALL = 2 ** 31;
/** Weights of which every lane can hold a copy. */
export const MOST_WEIGHTS = 1 << 24;

/** How samples are shared out. */
export interface Shares {
  /** Rows of a micro-batch. */
  readonly rows: number;
  /** Lanes that work on them side by side; undefined stands for a call that has all threads. */
  readonly lanes: readonly (number | undefined)[];
}

/** What decides on the shares of `count` samples of `size` numbers each. */
export interface Sharing {
  readonly count: number;
  readonly size: number;
  /** Numbers in the weights of the network. */
  readonly weights: number;
  /** Places of a sample where each weight is used: pixels, or 1. */
  readonly places: number;
  /** How often about the network will be asked for each sample. */
  readonly evaluations: number;
  /** What the engine offers. */
  readonly lanes: number;
  /** Rows asked for. */
  readonly batch?: number | undefined;
}

const ceil2 = (x: number) => 2 ** Math.ceil(Math.log2(Math.max(1, x)));
const floor2 = (x: number) => 2 ** Math.floor(Math.log2(Math.max(1, x)));

/**
 * Micro-batches of a power of two, one for each lane where there is work enough for more than one, so that no thread waits for
 * another; else one after the other on all threads, as for networks of which a copy for each lane would be too much.
 */
export function sharesOf({ count, size, weights, places, evaluations, lanes, batch }: Sharing): Shares {
  const most = (sides: number) => Math.min(MOST_ROWS, floor2(MOST_NUMBERS / sides / size));
  const each = Math.max(1, weights * places);
  const apart = batch ?? Math.min(most(lanes), Math.max(ceil2(LEAST_WORK / each), ceil2(count / lanes)));
  const worth = weights <= MOST_WEIGHTS && count * each * evaluations >= LEAST_IN_ALL;
  const used = worth ? Math.min(lanes, Math.ceil(count / apart)) : 1;
  if (used === 1) return { rows: batch ?? Math.min(most(1), ceil2(count)), lanes: [undefined] };
  return { rows: apart, lanes: Array.from({ length: used }, (_, lane) => lane) };
}

/**
 * Does jobs 0 … count − 1 on the lanes, each lane taking the next when it is free. The first fault stops the others at their
 * next look at the signal, and is thrown when all have stopped.
 */
export async function deal(
  count: number,
  lanes: readonly (number | undefined)[],
  signal: AbortSignal | undefined,
  job: (index: number, lane: number | undefined, signal: AbortSignal) => Promise<void>,
): Promise<void> {
  const fault = new AbortController();
  const stop = signal ? AbortSignal.any([signal, fault.signal]) : fault.signal;
  let next = 0;
  const work = async (lane: number | undefined) => {
    while (next < count) {
      stop.throwIfAborted();
      await job(next++, lane, stop);
    }
  };
  const all = lanes.map(lane =>
    work(lane).catch((cause: unknown) => {
      if (!fault.signal.aborted) fault.abort(cause);
    }),
  );
  await Promise.all(all);
  fault.signal.throwIfAborted();
}
