import { usage } from '../errors.ts';
import type { Observation } from '../measure/observation.ts';
import type { ScoreModel } from '../score/contract.ts';
import { type GuidanceStrength, strengthOf } from '../score/strength.ts';
import { coefficients } from '../sde/coefficients.ts';
import type { Sde } from '../sde/contract.ts';
import { type Coefficient, combine, type Tensor } from '../tensor/index.ts';
import type { Guidance, GuidanceArguments } from './contract.ts';
import { lookOf } from './noisy.ts';

/**
 * The model of p(x | y): its score is that of `model` plus w·∇log p̃(y | x_t). With F the prediction of the
 * model and ε = a·x + b·F, it predicts F − (σw/b)·∇log p̃. The default of w is 1. Any solver takes
 * the model.
 * @throws usage if the method cannot use the observation
 */
export function measuredModel(
  sde: Sde,
  model: ScoreModel,
  observation: Observation,
  guidance: Guidance,
  strength: GuidanceStrength = {},
): ScoreModel {
  requireUse(guidance, observation);
  const look = lookOf(guidance, observation);
  if (!look) return model;
  const own = model.weights.length;
  const w = strengthOf(strength, 1);
  const factor = (t: number) => (-sde.marginal(t).std * w(t)) / model.noiseForm(t).b;
  return Object.freeze({
    name: model.name,
    shape: model.shape,
    weights: [...model.weights, ...observation.weights],
    evaluations: (model.evaluations ?? 1) * (1 + guidance.cost(observation)),
    noiseForm: model.noiseForm,
    direct: model.direct === true,
    raw(weights: readonly Tensor[], x: Tensor, t: Coefficient): Tensor {
      const { raw, gradient } = look(argumentsOf(sde, model, observation, weights, own, x, t));
      return combine([1, raw], [coefficients(time => [factor(time)] as const, t)[0]!, gradient]);
    },
  });
}

/** The inputs of a guidance, from the weights of a model followed by those of an observation. */
export const argumentsOf = (
  sde: Sde,
  model: ScoreModel,
  observation: Observation,
  weights: readonly Tensor[],
  own: number,
  x: Tensor,
  t: Coefficient,
): GuidanceArguments => ({
  sde,
  model,
  observation,
  x,
  t,
  weights: weights.slice(0, own),
  rows: weights.slice(own),
});

/** Refuses an observation that the method cannot use. */
export function requireUse(guidance: Guidance, observation: Observation): void {
  const reason = guidance.refuses?.(observation);
  if (reason === undefined) return;
  throw usage(`The method "${guidance.name}" cannot be used here`, {
    where: observation.text,
    expected: reason,
    remedy: 'Choose another method: see langevin list guidances',
  });
}
