import type { Engine, Value } from '../engine/contract.ts';
import { compileCached } from '../engine/program-cache.ts';
import { withContext } from '../score/context.ts';
import type { ScoreModel } from '../score/contract.ts';
import type { Sde } from '../sde/contract.ts';
import { type PlainTensor, sizeOf, type Tensor } from '../tensor/index.ts';
import type { PathFactory, Problem, Solver, StepAddress } from './contract.ts';
import { countEvaluations } from './evaluations.ts';
import { learnedPace, stepsOfNoise } from './pace.ts';
import { problemsOf } from './problem.ts';

/** Binds weights at a given step; `at` gives the samples in the batch. */
export type ProblemFactory = (
  sde: Sde,
  model: ScoreModel,
  weights: readonly Tensor[],
  at: StepAddress,
) => Problem;

/**
 * Receives the states of a fixed grid, before the first step and after each: `[rows, ...D]` from sample
 * `first` on, padded.
 */
export type OnState = (
  x: PlainTensor,
  at: { readonly t: number; readonly step: number; readonly steps: number; readonly first: number },
) => void;

/** The parts of a solve. `problem` may be replaced: likelihoods do so to integrate the density too. */
export interface Setting {
  readonly engine: Engine;
  readonly sde: Sde;
  readonly model: ScoreModel;
  readonly solver: Solver;
  readonly path: PathFactory;
  readonly problem?: ProblemFactory;
  /** If `sde` uses another clock: converts to the time t that reports show. */
  readonly shown?: (clock: number) => number;
  /** Makes one call of the engine for each step, instead of one for many. */
  readonly onState?: OnState;
}

/** Progress of a solve. */
export interface SolveProgress {
  readonly step: number;
  /** Completed fraction of the interval, 0 to 1. */
  readonly fraction: number;
  /** The time reached (of the sample furthest behind, where steps adapt). */
  readonly t: number;
  /** Network evaluations of a sample so far. */
  readonly evaluations: number;
}

interface StepArgs {
  readonly t: number;
  readonly s: number;
  readonly past: readonly number[];
  readonly at: StepAddress;
}

/** How to stop one run, and the lane of the engine that it uses. */
export interface RunOptions {
  readonly signal?: AbortSignal | undefined;
  readonly lane?: number | undefined;
}

/** A solver on a fixed grid, compiled once for any number of batches. */
export interface Integrator {
  /** Approximate network evaluations for each sample. */
  readonly evaluations: number;
  /** Integrates x over the grid. x stays the caller's; the caller frees the result. */
  run(x: Value, first: number, options?: RunOptions): AsyncGenerator<SolveProgress, Value>;
  dispose(): Promise<void>;
}

/** The loop over a fixed grid of times, written once. */
export function integrator(setting: Setting, times: Float64Array): Integrator {
  const { engine, solver } = setting;
  const evaluations = countEvaluations(setting.model);
  const usual = problemsOf(setting.sde, evaluations.model);
  const problem = (weights: readonly Tensor[], at: StepAddress, rows: number): Problem => {
    const inputs = withContext(setting.model, weights, at.first, rows);
    return setting.problem?.(setting.sde, evaluations.model, inputs, at) ?? usual(inputs);
  };
  const begin = compileCached<{ t: number; at: StepAddress }>(
    engine,
    `begin ${solver.name}`,
    (weights, [x], { t, at }) =>
      evaluations.during(0, () => [x!, ...(solver.init?.(problem(weights, at, x!.shape[0]!), x!, t) ?? [])]),
    setting.model.weights,
  );
  const step = compileCached<StepArgs>(
    engine,
    `step ${solver.name}`,
    (weights, [x, ...state], { t, s, past, at }) =>
      evaluations.during(1 + at.step, () => {
        const path = setting.path(at, x!.shape, t, s);
        const next = solver.step({
          problem: problem(weights, at, x!.shape[0]!),
          x: x!,
          t,
          s,
          past,
          state,
          path,
        });
        return [next.x, ...(next.state ?? [])];
      }),
    setting.model.weights,
  );
  const steps = times.length - 1;

  async function* run(
    x: Value,
    first: number,
    { signal, lane }: RunOptions = {},
  ): AsyncGenerator<SolveProgress, Value> {
    const most = setting.onState ? 1 : stepsOfNoise(sizeOf(x.shape));
    const show = async (state: Value, step: number) => {
      const at = { t: times[step]!, step, steps, first };
      setting.onState?.({ data: await engine.read(state), shape: state.shape }, at);
    };
    const solution = { state: await begin.run([x], { t: times[0]!, at: { step: 0, first } }, lane) };
    const pace = learnedPace(step.memory(solution.state));
    try {
      if (setting.onState) await show(solution.state[0]!, 0);
      for (let from = 0, to = 0; from < steps; from = to) {
        signal?.throwIfAborted();
        to = Math.min(steps, from + Math.min(most, pace.steps()));
        const current = solution.state;
        solution.state = [];
        const began = performance.now();
        solution.state = await step.iterate(current, argsOf(times, from, to, first), lane);
        pace.took(to - from, performance.now() - began);
        if (setting.onState) await show(solution.state[0]!, to);
        yield { step: to, fraction: to / steps, t: times[to]!, evaluations: evaluations.upTo(to) };
      }
      const [result, ...rest] = solution.state;
      engine.free(...rest);
      solution.state = [];
      return result!;
    } finally {
      engine.free(...solution.state);
    }
  }
  return {
    evaluations: steps * solver.evaluationsPerStep * (setting.model.evaluations ?? 1),
    run,
    dispose: async () => {
      await begin.dispose();
      await step.dispose();
    },
  };
}

/** The times before step i of a grid, latest first, as `past` of a step: three at most. */
export const pastTimes = (times: Float64Array, i: number): number[] =>
  Array.from({ length: Math.min(i, 3) }, (_, back) => times[i - 1 - back]!);

function argsOf(times: Float64Array, from: number, to: number, first: number): StepArgs[] {
  const args: StepArgs[] = [];
  for (let i = from; i < to; i++) {
    args.push({ t: times[i]!, s: times[i + 1]!, past: pastTimes(times, i), at: { step: i, first } });
  }
  return args;
}
