import {
  type Coefficient,
  coefficients,
  combine,
  type Sde,
  type Solver,
  type Tensor,
} from '../../src/plugin.ts';
import { lambda } from './exponential.ts';

/**
 * x_s = keep·x_t + Σ weightⱼ·Fⱼ + spread·(W_s − W_t), with Fⱼ the network output at time j: t first, then
 * earlier times.
 */
export interface LinearStep {
  readonly keep: number;
  readonly weights: readonly number[];
  readonly spread?: number;
}

export interface Multistep {
  readonly name: string;
  readonly order: number;
  /** Number of network outputs in use, including the current one. */
  readonly depth: number;
  /** The quantity that the network predicts. */
  readonly field: 'data' | 'noise';
  readonly noise: 'none' | 'brownian';
  /** The usual time grid of the method. */
  readonly grid: string;
  /** The current step, for network outputs at the times `nodes`: t and earlier times, or s too. */
  linear(sde: Sde, t: number, s: number, nodes: readonly number[]): LinearStep;
}

/**
 * A linear multistep method with one evaluation a step. The first step has no history. From order 3 on it
 * makes a second evaluation at its end; otherwise its error would lower the order. If that step is a leap,
 * the output at its end says nothing about the interval, and the step keeps the order that its history
 * allows, 1. Where outputs are missing, x takes their place with weight 0, so that all steps are one program.
 */
export function multistep({ name, order, depth, field, noise, grid, linear }: Multistep): Solver {
  return Object.freeze({
    name,
    order,
    noise,
    grid,
    evaluationsPerStep: 1,
    ...(depth > 1 && { init: (_problem, x) => new Array<Tensor>(depth - 1).fill(x), evaluationsBefore: 0 }),
    step({ problem, x, t, s, past, state, path }) {
      const answers = [problem[field](x, t), ...state];
      const nodes = [t, ...past].slice(0, depth);
      const increment = noise === 'none' ? undefined : path.increment();
      const apply = (at: readonly Coefficient[], values: readonly Tensor[]) =>
        applied(
          (t, s, ...rest) => within(linear, problem.sde, t, s, rest),
          [t, s, ...at],
          x,
          values,
          increment,
        );
      let end = apply(nodes, answers);
      if (order > 2 && nodes.length === 1) end = apply([t, s], [answers[0]!, problem[field](end, s)]);
      return { x: end, state: answers.slice(0, depth - 1) };
    },
  } satisfies Solver);
}

/** The growth of log(σ/α) from which a step is a leap. */
const LEAP = 2;

/** The step through `nodes`; if the step is a leap, without the nodes ahead of t. */
const within = (linear: Multistep['linear'], sde: Sde, t: number, s: number, nodes: readonly number[]) => {
  const leaps = Math.abs(lambda(sde, s) - lambda(sde, t)) > LEAP;
  return linear(sde, t, s, leaps ? nodes.filter(node => node !== s) : nodes);
};

/** Applies the step that `linear` gives at `times`; network outputs beyond its weights have weight 0. */
function applied(
  linear: (...times: number[]) => LinearStep,
  times: readonly Coefficient[],
  x: Tensor,
  answers: readonly Tensor[],
  increment?: Tensor,
): Tensor {
  const [keep, spread, ...weights] = coefficients(
    (...at) => {
      const { keep, weights, spread = 0 } = linear(...at);
      return [keep, spread, ...answers.map((_, j) => weights[j] ?? 0)] as const;
    },
    ...times,
  );
  const terms = answers.map((answer, j) => [weights[j]!, answer] as const);
  return increment ? combine([keep, x], ...terms, [spread, increment]) : combine([keep, x], ...terms);
}
