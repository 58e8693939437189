/** A call that takes no longer goes unnoticed: between calls there is progress, and an `AbortSignal` is heard. */
const CALL_MS = 50;
const FIRST = 8;
const GROWTH = 8;

/** How many steps to put into one call of the engine: few at first, then as many as take about `CALL_MS`. */
export interface Pace {
  steps(): number;
  /** Tells how long a call of so many took. */
  took(steps: number, ms: number): void;
}

/** Learns from call to call. A first call, which compiles, makes it too careful for one more. */
export function learnedPace(): Pace {
  let next = FIRST;
  return {
    steps: () => next,
    took(steps, ms) {
      next = Math.max(1, Math.min(GROWTH * steps, Math.round((steps * CALL_MS) / Math.max(ms, 1e-3))));
    },
  };
}
