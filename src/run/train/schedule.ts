import type { TrainProgress } from '../../train/trainer.ts';

/** Steps between two reports of progress. Work that is due at a step is done at the report after it. */
export const REPORT_EVERY = 50;
/** The longest time of training that can be lost, in milliseconds. */
const LONGEST = 60_000;

/** Whether a report is the first one after a multiple of `each`, or the last one. */
export const dueAt = (step: number, each: number, steps: number): boolean =>
  step % each < REPORT_EVERY || step === steps;

/**
 * When checkpoints are written: every N steps, a minute after the last one, on interruption, and at the end.
 */
export interface Schedule {
  /** Whether the last checkpoint is a minute old. */
  late(): boolean;
  due(progress: Pick<TrainProgress, 'occasion' | 'step'>): boolean;
  written(step: number): void;
}

export function checkpointSchedule(
  { begin, every, steps }: { readonly begin: number; readonly every: number; readonly steps: number },
  now: () => number = () => performance.now(),
): Schedule {
  const last = { step: begin, time: now() };
  const late = () => now() - last.time >= LONGEST;
  return {
    late,
    due: ({ occasion, step }) =>
      step !== last.step && (occasion !== 'report' || late() || dueAt(step, every, steps)),
    written(step) {
      last.step = step;
      last.time = now();
    },
  };
}
