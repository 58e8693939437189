import { type Coefficient, coefficients, combine, type Solver, type Tensor } from '../src/plugin.ts';

/** A Butcher tableau: stage i stands at t + cᵢh and x + h·Σⱼ aᵢⱼkⱼ; the step is x + h·Σ bᵢkᵢ. */
export interface Tableau {
  readonly name: string;
  readonly order: number;
  readonly c: readonly number[];
  readonly a: readonly (readonly number[])[];
  readonly b: readonly number[];
  /** b − b̂, with b̂ of an embedded method: h·Σ eᵢkᵢ estimates the error. */
  readonly e?: readonly number[];
}

/**
 * An explicit Runge-Kutta method on the probability-flow ODE dx/dt = f·x − ½g²·score (Song et al. 2021, eq. 13), in either
 * direction. Where the last stage is the first of the next step, its value travels in the state.
 */
export function rungeKutta({ name, order, c, a, b, e }: Tableau): Solver {
  const last = a.at(-1) ?? [];
  const reuses = c.at(-1) === 1 && b.at(-1) === 0 && b.every((weight, i) => weight === (last[i] ?? 0));
  return Object.freeze({
    name,
    order,
    noise: 'none',
    evaluationsPerStep: c.length - (reuses ? 1 : 0),
    ...(e ? { adaptive: true } : {}),
    ...(reuses ? { init: (problem, x, t) => [problem.flow(x, t)] } : {}),
    step({ problem, x, t, s, state }) {
      const slopes = [state[0] ?? problem.flow(x, t)];
      const advance = (row: readonly number[]) => combine([1, x], [1, weighted(row, slopes, t, s)]);
      for (let i = 1; i < c.length; i++) {
        const [node] = coefficients((t, s) => [c[i] === 1 ? s : t + c[i]! * (s - t)], t, s);
        slopes.push(problem.flow(advance(a[i]!), node));
      }
      return {
        x: advance(b),
        ...(reuses ? { state: [slopes.at(-1)!] } : {}),
        ...(e ? { error: weighted(e, slopes, t, s) } : {}),
      };
    },
  } satisfies Solver);
}

/** (s − t)·Σ wᵢkᵢ, without the terms whose weight is zero. */
function weighted(
  weights: readonly number[],
  slopes: readonly Tensor[],
  t: Coefficient,
  s: Coefficient,
): Tensor {
  const used = weights.flatMap((weight, i) => (weight === 0 ? [] : [i]));
  const scaled = coefficients((t, s) => used.map(i => weights[i]! * (s - t)), t, s);
  return combine(...used.map((i, j) => [scaled[j]!, slopes[i]!] as const));
}
