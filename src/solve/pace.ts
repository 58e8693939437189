/** Call duration that users do not notice: progress and an `AbortSignal` are handled between calls. */
const CALL_MS = 50;
const FIRST = 8;
const GROWTH = 8;

/** Maximum number of noise values in one call. */
const VALUES_PER_CALL = 1 << 20;

/** The most steps of a call whose steps draw so many values of noise each. */
export const stepsOfNoise = (values: number): number => Math.max(1, Math.floor(VALUES_PER_CALL / values));

/** How many steps to put into one call of the engine: few at first, then as many as take about `CALL_MS`. */
export interface Pace {
  steps(): number;
  /** Records how long a call of that many steps took. */
  took(steps: number, ms: number): void;
}

/** What one solve leaves to the next about a program: the steps of a call. */
export interface PaceMemory {
  steps?: number;
}

/**
 * Adapts from call to call, and goes on from what the last solve with the same program learned. The first
 * call also compiles, so its time makes the next estimate too low.
 */
export function learnedPace(memory: PaceMemory = {}): Pace {
  return {
    steps: () => memory.steps ?? FIRST,
    took(steps, ms) {
      const fitting = Math.round((steps * CALL_MS) / Math.max(ms, 1e-3));
      memory.steps = Math.max(1, Math.min(GROWTH * steps, fitting));
    },
  };
}
