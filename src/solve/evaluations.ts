import type { ScoreModel } from '../score/contract.ts';

/** Counts how often programs ask the network, by the step they belong to. */
export interface Evaluations {
  /** The model, watched. */
  readonly model: ScoreModel;
  /**
   * Runs the text of step `step`. An engine may read a text several times (traced, then replayed, perhaps along a path
   * that it leaves), and each complete reading makes the same calls: the last one counts.
   */
  during<T>(step: number, text: () => T): T;
  /** Calls in the steps up to and including `last`. */
  upTo(last: number): number;
}

export function countEvaluations(model: ScoreModel): Evaluations {
  const calls = { now: 0 };
  const ofStep: number[] = [];
  return {
    model: Object.freeze({
      ...model,
      raw: (...args: Parameters<ScoreModel['raw']>) => {
        calls.now += model.evaluations ?? 1;
        return model.raw(...args);
      },
    }),
    during(step, text) {
      calls.now = 0;
      const result = text();
      ofStep[step] = calls.now;
      return result;
    },
    upTo: last => ofStep.slice(0, last + 1).reduce((sum, count) => sum + (count ?? 0), 0),
  };
}
