import type { ScoreModel } from '../score/contract.ts';
import { coefficients } from '../sde/coefficients.ts';
import type { Sde } from '../sde/contract.ts';
import { type Coefficient, combine, type Tensor } from '../tensor/index.ts';

/** x̂ = E[x₀ | x_t] of a prediction F of the model at x_t (Tweedie), as one combination A·x + B·F. */
export function cleanOf(sde: Sde, model: ScoreModel, x: Tensor, F: Tensor, t: Coefficient): Tensor {
  const [A, B] = cleanCoefficients(sde, model, t);
  return combine([A, x], [B, F]);
}

/** A and B of x̂ = A·x + B·F. They also make Jᵀv of v and of its product with ∂F/∂x: A·v + B·(∂F/∂x)ᵀv. */
export const cleanCoefficients = (
  sde: Sde,
  model: ScoreModel,
  t: Coefficient,
): readonly [A: Coefficient, B: Coefficient] =>
  coefficients(time => {
    const { scale, std } = sde.marginal(time);
    const { a, b } = model.noiseForm(time);
    return [(1 - std * a) / scale, (-std * b) / scale] as const;
  }, t);

/**
 * r² = σ²s²/(α²s² + σ²), the variance of x₀ given x_t for data N(0, s²I) (Song et al. 2023).
 */
export const isotropic = (sde: Sde, variance: number, t: Coefficient): Coefficient =>
  coefficients(time => {
    const { scale, std } = sde.marginal(time);
    return [(std * std * variance) / (scale * scale * variance + std * std)] as const;
  }, t)[0]!;

/** σ²/α: times the Jacobian ∂x̂/∂x_t, this is the covariance of x₀ given x_t. */
export const secondMoment = (sde: Sde, t: Coefficient): Coefficient =>
  coefficients(time => {
    const { scale, std } = sde.marginal(time);
    return [(std * std) / scale] as const;
  }, t)[0]!;
