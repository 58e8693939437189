import { usage } from '../errors.ts';
import { coefficients } from '../sde/coefficients.ts';
import { type Coefficient, combine, type Tensor } from '../tensor/index.ts';
import type { ScoreModel } from './contract.ts';

/** A law p_k with its weight in a product. */
export interface Factor {
  /** The model of p_k, with samples of the same shape. It has its own weights and its own prediction. */
  readonly model: ScoreModel;
  /** w_k; a negative weight keeps away from the law. */
  readonly weight: number;
}

/**
 * The model of p(x)·Π (p_k(x)/p(x))^w_k, whose score is ∇log p_t + Σ w_k·(∇log p_k,t − ∇log p_t) (Liu et al.
 * 2022). Two conditions of weight 1 make p(x)·p(y₁ | x)·p(y₂ | x), for p_k = p(x | y_k) and independent y_k.
 * A weight below 0 is a negation. One condition of weight 1 + w is classifier-free guidance. The score of a
 * noisy product is not the sum of noisy scores, so that samples are approximate where the factors overlap in
 * the same coordinates. An evaluation takes one call of each model.
 * @throws usage for models of another shape or with questions of their own, for weights that are not finite,
 *   and without factors
 */
export function compose(base: ScoreModel, factors: readonly Factor[]): ScoreModel {
  requireFactors(base, factors);
  const models = [base, ...factors.map(({ model }) => model)];
  const rest = factors.reduce((sum, { weight }) => sum - weight, 1);
  const weights = [rest, ...factors.map(({ weight }) => weight)];
  const places = models.map((_, k) =>
    models.slice(0, k).reduce((sum, model) => sum + model.weights.length, 0),
  );
  // ε = Σ w_k·(a_k·x + b_k·F_k) has to be a·x + b·F of the first model.
  const terms = (t: number) => {
    const forms = models.map(model => model.noiseForm(t));
    const { a, b } = forms[0]!;
    const along = forms.reduce((sum, form, k) => sum + weights[k]! * form.a, -a) / b;
    return [along, ...forms.map((form, k) => (weights[k]! * form.b) / b)];
  };
  return Object.freeze({
    name: models.map(({ name }) => name).join(' · '),
    shape: base.shape,
    weights: models.flatMap(model => model.weights),
    evaluations: models.reduce((sum, model) => sum + (model.evaluations ?? 1), 0),
    noiseForm: base.noiseForm,
    direct: models.every(model => model.direct === true),
    raw(all: readonly Tensor[], x: Tensor, t: Coefficient): Tensor {
      const factor = coefficients(terms, t);
      const outputs = models.map((model, k) =>
        model.raw(all.slice(places[k]!, places[k]! + model.weights.length), x, t),
      );
      return combine([factor[0]!, x], ...outputs.map((F, k) => [factor[k + 1]!, F] as const));
    },
  });
}

function requireFactors(base: ScoreModel, factors: readonly Factor[]): void {
  if (!(factors?.length > 0)) throw usage('A product needs a factor', { where: 'compose' });
  for (const { model, weight } of [{ model: base, weight: 1 }, ...factors]) {
    if (model.contextAt !== undefined)
      throw usage('A model that answers questions by its network cannot be a factor', {
        where: 'compose',
        got: model.name,
      });
    if (!Number.isFinite(weight))
      throw usage('The weight of a factor has to be a number', { where: 'compose', got: weight });
    if (`${model.shape}` !== `${base.shape}`)
      throw usage('The factors of a product have samples of one shape', {
        where: 'compose',
        got: `[${model.shape}]`,
        expected: `[${base.shape}]`,
      });
  }
}
