/**
 * Flags shared by a thread and the code that ends the process: whether native code is running, and whether
 * new calls are forbidden.
 */
const [BUSY, STOP] = [0, 1];
/** A thread without a response for this many milliseconds is given up. */
const LONGEST = 60_000;

const threads = new Set<Int32Array>();

/**
 * Flags for a thread whose native calls cannot be interrupted. A process that ends (`process.exit`, an
 * uncaught exception, no work left) first waits for the current call, and prevents further calls.
 */
export function guardedFlags(): { readonly flags: Int32Array; release(): void } {
  const flags = new Int32Array(new SharedArrayBuffer(2 * Int32Array.BYTES_PER_ELEMENT));
  if (threads.size === 0) process.on('exit', settle);
  threads.add(flags);
  return {
    flags,
    release() {
      threads.delete(flags);
      if (threads.size === 0) process.off('exit', settle);
    },
  };
}

function settle(): void {
  const until = performance.now() + LONGEST;
  for (const flags of threads) Atomics.store(flags, STOP, 1);
  for (const flags of threads)
    while (Atomics.load(flags, BUSY) === 1 && performance.now() < until) Atomics.wait(flags, BUSY, 1, 1000);
}
