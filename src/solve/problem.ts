import type { ScoreModel } from '../score/contract.ts';
import { coefficients } from '../sde/coefficients.ts';
import type { Sde } from '../sde/contract.ts';
import { type Coefficient, combine, type Tensor } from '../tensor/index.ts';
import type { Field, Problem } from './contract.ts';

/**
 * Binds a model's weights to its SDE. Every field is A(t)·x + B(t)·F(x, t): with ε = a·x + b·F, the
 * combination c₀·x + c₁·ε has A = c₀ + c₁·a and B = c₁·b, computed in float64.
 */
export function problemOf(sde: Sde, model: ScoreModel, weights: readonly Tensor[]): Problem {
  const field =
    (form: (t: number) => readonly [c0: number, c1: number]): Field =>
    (x: Tensor, t: Coefficient) => {
      const [A, B] = coefficients(time => {
        const [c0, c1] = form(time);
        const { a, b } = model.noiseForm(time);
        return [c0 + c1 * a, c1 * b] as const;
      }, t);
      return combine([A, x], [B, model.raw(weights, x, t)]);
    };
  /** The same for c₀ = 0. */
  const ofNoise = (factor: (t: number) => number): Field =>
    model.direct
      ? (x, t) => {
          const [B] = coefficients(time => [factor(time) * model.noiseForm(time).b] as const, t);
          return combine([B, model.raw(weights, x, t)]);
        }
      : field(t => [0, factor(t)]);
  const pull = (t: number) => sde.diffusion(t) ** 2 / sde.marginal(t).std;
  return Object.freeze({
    sde,
    noise: ofNoise(() => 1),
    score: ofNoise(t => -1 / sde.marginal(t).std),
    data: field(t => [1 / sde.marginal(t).scale, -sde.marginal(t).std / sde.marginal(t).scale]),
    flow: field(t => [sde.rate(t), 0.5 * pull(t)]),
    reverse: field(t => [sde.rate(t), pull(t)]),
  });
}

/** `problemOf` at each step of a solve, rebuilt only when the weights change. */
export function problemsOf(sde: Sde, model: ScoreModel): (weights: readonly Tensor[]) => Problem {
  const cache = new WeakMap<readonly Tensor[], Problem>();
  return weights => {
    const problem = cache.get(weights) ?? problemOf(sde, model, weights);
    cache.set(weights, problem);
    return problem;
  };
}
