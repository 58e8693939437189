/** What a thread and the one that ends the process share: whether native code runs there, and whether none may begin. */
const [BUSY, STOP] = [0, 1];
/** Milliseconds after which a thread that says nothing is given up. */
const LONGEST = 60_000;

const threads = new Set<Int32Array>();

/**
 * Flags for a thread that calls native code which no one can break off: a process that ends (`process.exit`, an exception that no one
 * caught, the end of its work) waits first for the call under way, and lets no other begin.
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
