import type { Value } from '../engine/contract.ts';
import { compileCached } from '../engine/program-cache.ts';
import { failure } from '../errors.ts';
import { withContext } from '../score/context.ts';
import {
  abs,
  add,
  concat,
  div,
  fromHost,
  max,
  maximum,
  mul,
  reshape,
  select,
  sizeOf,
  slice,
  square,
  sumPerSample,
  type Tensor,
} from '../tensor/index.ts';
import type { Problem, StepAddress } from './contract.ts';
import { countEvaluations } from './evaluations.ts';
import type { Integrator, RunOptions, Setting, SolveProgress } from './integrate.ts';
import { problemsOf } from './problem.ts';

/** Error tolerances and the step limit of an adaptive solver. */
export interface Tolerances {
  /** Allowed local error relative to |x|; default 1e-5. */
  readonly rtol?: number;
  /** Allowed local error where |x| is small; default 1e-5. */
  readonly atol?: number;
  /** The largest number of steps; default 10,000. */
  readonly maxSteps?: number;
  /**
   * Number of trailing entries of a sample with a separate error norm, such as the log-density; default 0.
   */
  readonly apart?: number;
}

/** A rough estimate of the evaluations of a solve at common tolerances. */
const ESTIMATED_EVALUATIONS = 100;

interface AdaptiveArgs {
  readonly t: Float64Array;
  readonly s: Float64Array;
  readonly at: StepAddress;
}

/**
 * Integrates from `from` to `to` with a step size for each sample. The steps of a sample depend only on its
 * own error, so its result does not change with its batch mates. PI control (Hairer, Nørsett, Wanner II.4): h
 * ← h·0.9·e^(−0.7/k)·e₋₁^(0.4/k), k = order.
 */
export function adaptiveIntegrator(
  setting: Setting,
  from: number,
  to: number,
  tolerances: Tolerances = {},
): Integrator {
  const { rtol = 1e-5, atol = 1e-5, maxSteps = 10_000, apart = 0 } = tolerances;
  const { engine, solver, shown = (t: number) => t } = setting;
  const { weights: constants } = setting.model;
  const evaluations = countEvaluations(setting.model);
  const usual = problemsOf(setting.sde, evaluations.model);
  const problem = (weights: readonly Tensor[], at: StepAddress, rows: number): Problem => {
    const inputs = withContext(setting.model, weights, at.first, rows);
    return setting.problem?.(setting.sde, evaluations.model, inputs, at) ?? usual(inputs);
  };
  const begin = compileCached<{ t: Float64Array; at: StepAddress }>(
    engine,
    `begin adaptive ${solver.name}`,
    (weights, [x], { t, at }) =>
      evaluations.during(0, () => [x!, ...(solver.init?.(problem(weights, at, x!.shape[0]!), x!, t) ?? [])]),
    constants,
  );
  const step = compileCached<AdaptiveArgs>(
    engine,
    `step adaptive ${solver.name}`,
    (weights, [x, ...state], { t, s, at }) =>
      evaluations.during(at.step, () => {
        const path = setting.path(at, x!.shape, t, s);
        const next = solver.step({
          problem: problem(weights, at, x!.shape[0]!),
          x: x!,
          t,
          s,
          past: [],
          state,
          path,
        });
        const scale = add(mul(maximum(abs(x!), abs(next.x)), rtol), atol);
        return [errorNorm(div(next.error!, scale), apart), next.x, ...(next.state ?? [])];
      }),
    constants,
  );
  const merge = compileCached<Float64Array>(engine, 'merge', (_weights, pairs, accepted) => {
    const half = pairs.length / 2;
    return pairs.slice(0, half).map((old, i) => select(maskFor(accepted, old), pairs[half + i]!, old));
  });

  async function* run(
    x: Value,
    first: number,
    { signal, lane }: RunOptions = {},
  ): AsyncGenerator<SolveProgress, Value> {
    const rows = x.shape[0]!;
    const control = controller(rows, from, to, solver.order);
    const solution = { state: await begin.run([x], { t: control.t, at: { step: 0, first } }, lane) };
    try {
      for (let count = 1; !control.done(); count++) {
        signal?.throwIfAborted();
        if (count > maxSteps) throw tooManySteps(maxSteps, control.t.map(shown));
        const s = control.propose();
        const at = { step: count, first };
        const [norms, ...next] = await step.run(solution.state, { t: control.t, s, at }, lane);
        const accepted = control.judge(await engine.read(norms!), s);
        engine.free(norms!);
        solution.state = await settle(solution.state, next, accepted);
        yield {
          step: count,
          fraction: (control.furthest() - from) / (to - from),
          t: shown(control.furthest()),
          evaluations: evaluations.upTo(count),
        };
      }
      const [result, ...rest] = solution.state;
      engine.free(...rest);
      solution.state = [];
      return result!;
    } finally {
      engine.free(...solution.state);
    }
  }

  async function settle(old: readonly Value[], next: Value[], accepted: Float64Array): Promise<Value[]> {
    if (accepted.every(flag => flag === 1)) {
      engine.free(...old);
      return next;
    }
    const merged = await merge.run([...old, ...next], accepted);
    engine.free(...old, ...next);
    return merged;
  }

  return {
    evaluations: ESTIMATED_EVALUATIONS * (setting.model.evaluations ?? 1),
    run,
    dispose: async () => {
      await Promise.all([begin.dispose(), step.dispose(), merge.dispose()]);
    },
  };
}

const maskFor = (accepted: Float64Array, like: Tensor): Tensor =>
  fromHost(accepted, [accepted.length, ...like.shape.slice(1).map(() => 1)]);

/**
 * The root mean square of each sample's scaled error. The last `apart` entries have a norm of their own; the
 * larger norm counts.
 */
function errorNorm(scaled: Tensor, apart: number): Tensor {
  const rows = scaled.shape[0]!;
  const width = sizeOf(scaled.shape.slice(1));
  const flat = reshape(square(scaled), [rows, width]);
  const rms = (begin: number, size: number) =>
    reshape(mul(sumPerSample(slice(flat, [0, begin], [rows, size])), 1 / size), [rows, 1]);
  const groups = apart > 0 ? [rms(0, width - apart), rms(width - apart, apart)] : [rms(0, width)];
  return max(concat(groups, 1), [1]);
}

/** Step-size control for each sample separately, in float64 on the host. */
function controller(rows: number, from: number, to: number, order: number) {
  const direction = Math.sign(to - from);
  const t = new Float64Array(rows).fill(from);
  const h = new Float64Array(rows).fill(Math.abs(to - from) / 100);
  const former = new Float64Array(rows).fill(1e-4);
  const left = (i: number) => direction * (to - t[i]!);
  return {
    t,
    done: () => t.every(time => time === to),
    propose: () => t.map((time, i) => (h[i]! >= left(i) * (1 - 1e-9) ? to : time + direction * h[i]!)),
    furthest: () => t.reduce((worst, time) => (direction * (time - worst) < 0 ? time : worst), to),
    /** Accepts or rejects the step of each sample and sets its next size; returns 1 where accepted. */
    judge(squaredNorms: Float32Array, s: Float64Array): Float64Array {
      return t.map((time, i) => {
        const error = Math.max(Math.sqrt(squaredNorms[i]!), 1e-10);
        const accept = error <= 1;
        if (time === to) return 1;
        const length = Math.abs(s[i]! - time);
        if (!(length > 1e-14))
          throw failure('The adaptive solver cannot make progress', {
            where: `t = ${time}`,
            got: `error ${error}`,
          });
        if (Number.isNaN(error)) h[i] = length / 10;
        else if (accept)
          h[i] =
            length * Math.min(10, Math.max(0.2, 0.9 * error ** (-0.7 / order) * former[i]! ** (0.4 / order)));
        else h[i] = length * Math.max(0.2, 0.9 * error ** (-1 / order));
        if (!accept) return 0;
        former[i] = Math.max(error, 1e-4);
        t[i] = s[i]!;
        return 1;
      });
    },
  };
}

const tooManySteps = (limit: number, t: Float64Array) =>
  failure(`The adaptive solver did not reach the end in ${limit} steps`, {
    where: `at t from ${Math.min(...t)} to ${Math.max(...t)}`,
    remedy: 'Loosen the tolerance, or raise maxSteps',
  });
