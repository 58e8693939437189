import type { ScoreModel } from '../score/contract.ts';

/** Counts the network evaluations of programs by step. */
export interface Evaluations {
  /** The model, with its calls counted. */
  readonly model: ScoreModel;
  /**
   * Runs the program of step `step`. An engine may run a program several times: to trace it, then to replay
   * it, perhaps along a traced branch that it leaves. Each complete run makes the same calls, so the last one
   * counts.
   */
  during<T>(step: number, program: () => T): T;
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
    during(step, program) {
      calls.now = 0;
      const result = program();
      ofStep[step] = calls.now;
      return result;
    },
    upTo: last => ofStep.slice(0, last + 1).reduce((sum, count) => sum + (count ?? 0), 0),
  };
}
