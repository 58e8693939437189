import { type Coefficient, coefficients, combine, mul, type Solver, type Tensor } from '../../src/plugin.ts';

/** A Butcher tableau: stage i is at t + cᵢh and x + h·Σⱼ aᵢⱼkⱼ; the step is x + h·Σ bᵢkᵢ. */
export interface Tableau {
  /** The name of the method. */
  readonly name: string;
  /** Order of convergence of b. */
  readonly order: number;
  /** The nodes cᵢ, the first of them 0. */
  readonly c: readonly number[];
  /** The rows aᵢⱼ, each with one entry for each earlier stage. */
  readonly a: readonly (readonly number[])[];
  /** The weights bᵢ, with sum 1. */
  readonly b: readonly number[];
  /** b − b̂, with b̂ of an embedded method: h·Σ eᵢkᵢ estimates the error. */
  readonly e?: readonly number[];
  /** The grid that it is usually run on; default `uniform`. */
  readonly grid?: string;
}

/**
 * An explicit Runge-Kutta method on the probability-flow ODE dx/dt = f·x − ½g²·score (Song et al. 2021, eq.
 * 13), in either direction. If the last stage equals the first stage of the next step, the state carries its
 * value over.
 */
export function rungeKutta({ name, order, c, a, b, e, grid }: Tableau): Solver {
  const last = a.at(-1) ?? [];
  const reuses = c.at(-1) === 1 && b.at(-1) === 0 && b.every((weight, i) => weight === (last[i] ?? 0));
  return Object.freeze({
    name,
    order,
    noise: 'none',
    evaluationsPerStep: c.length - (reuses ? 1 : 0),
    ...(e ? { adaptive: true } : {}),
    ...(grid === undefined ? {} : { grid }),
    ...(reuses ? { init: (problem, x, t) => [problem.flow(x, t)] } : {}),
    step({ problem, x, t, s, state }) {
      const [length] = coefficients((t, s) => [s - t], t, s);
      let slope = state[0] ?? problem.flow(x, t);
      const moves = [timesLength(slope, length)];
      const advance = (row: readonly number[]) => combine([1, x], ...weighted(row, moves));
      for (let i = 1; i < c.length; i++) {
        const [node] = coefficients((t, s) => [c[i] === 1 ? s : t + c[i]! * (s - t)], t, s);
        slope = problem.flow(advance(a[i]!), node);
        moves.push(timesLength(slope, length));
      }
      return {
        x: advance(b),
        ...(reuses ? { state: [slope] } : {}),
        ...(e ? { error: combine(...weighted(e, moves)) } : {}),
      };
    },
  } satisfies Solver);
}

/**
 * (s − t)·k: if every sample has its own step length, the length is multiplied in once and not into each
 * weight.
 */
const timesLength = (slope: Tensor, length: Coefficient): Tensor =>
  typeof length === 'number' ? combine([length, slope]) : mul(slope, length);

/** The terms of Σ wᵢ·(s − t)kᵢ, without those whose weight is zero. */
const weighted = (weights: readonly number[], moves: readonly Tensor[]) =>
  moves.flatMap((move, i) => (weights[i] ? [[weights[i]!, move] as const] : []));
