/**
 * The largest number of values in a default micro-batch, over all lanes. A network needs hundreds of times as
 * many for intermediate values.
 */
const MOST_NUMBERS = 1 << 16;
/** The largest number of rows in a default micro-batch, unless the engine gives another. */
const MOST_ROWS = 512;
/**
 * Multiplications of one evaluation (about rows × places × weights). A micro-batch with fewer is too small
 * for a thread of its own.
 */
const LEAST_WORK = 2 ** 20;
/**
 * Multiplications of all evaluations. With fewer, starting workers does not pay: it takes a tenth of a
 * second, once.
 */
const LEAST_IN_ALL = 2 ** 31;
/** Number of weights up to which every lane can hold a copy. */
export const MOST_WEIGHTS = 1 << 24;

/** How samples are divided. */
export interface Shares {
  /** Rows of a micro-batch. */
  readonly rows: number;
  /** Lanes that work on them in parallel; undefined means one call with all threads. */
  readonly lanes: readonly (number | undefined)[];
}

/** What determines the division of `count` samples of `size` numbers each. */
export interface Sharing {
  readonly count: number;
  readonly size: number;
  /** Numbers in the weights of the network. */
  readonly weights: number;
  /** Places of a sample where each weight is used: pixels, or 1. */
  readonly places: number;
  /** Approximate network evaluations for each sample. */
  readonly evaluations: number;
  /** Number of lanes of the engine. */
  readonly lanes: number;
  /** The engine's own limit on the rows of a default micro-batch; default 512. */
  readonly mostRows?: number | undefined;
  /** Rows requested. */
  readonly batch?: number | undefined;
}

const ceil2 = (x: number) => 2 ** Math.ceil(Math.log2(Math.max(1, x)));
/** The next of few sizes, each a program of its own: powers of two, and quarters between them above 64. */
const roomFor = (x: number) => {
  const quarter = Math.max(16, ceil2(x) / 8);
  return x <= 64 ? ceil2(x) : Math.ceil(x / quarter) * quarter;
};
const floor2 = (x: number) => 2 ** Math.floor(Math.log2(Math.max(1, x)));

/**
 * Micro-batches of few sizes. With enough work, each lane gets one, so that no thread waits for another.
 * Otherwise they run one after the other on all threads; so do networks that are too large to copy for each
 * lane.
 */
export function sharesOf(sharing: Sharing): Shares {
  const { count, size, weights, places, evaluations, lanes, mostRows = MOST_ROWS, batch } = sharing;
  const most = (sides: number) => Math.min(mostRows, floor2(MOST_NUMBERS / sides / size));
  const each = Math.max(1, weights * places);
  const apart = batch ?? Math.min(most(lanes), Math.max(ceil2(LEAST_WORK / each), roomFor(count / lanes)));
  const worth = weights <= MOST_WEIGHTS && count * each * evaluations >= LEAST_IN_ALL;
  const lanesUsed = worth ? Math.min(lanes, Math.ceil(count / apart)) : 1;
  if (lanesUsed === 1) return { rows: batch ?? Math.min(most(1), roomFor(count)), lanes: [undefined] };
  return { rows: apart, lanes: Array.from({ length: lanesUsed }, (_, lane) => lane) };
}

/**
 * Runs jobs 0 … count − 1 on the lanes; each lane takes the next job when it is free. The first error stops
 * the others at their next check of the signal. It is thrown when all have stopped.
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
