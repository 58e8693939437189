import { type ClosedForm, closedForm } from '../../../guide/closed/closed-form.ts';
import type { Observation } from '../../../measure/observation.ts';
import type { ScoreModel } from '../../../score/contract.ts';

/** What says in words that a mixture answered. */
export const IN_CLOSED_FORM = 'the mixture of Gaussians, which answers such questions in closed form';

/** Options that ask for another way: those of solvers, of guidances and of particles. */
const OTHERS = [
  ...['method', 'twist', 'particles', 'populations', 'weight', 'interval'],
  ...['solver', 'preset', 'steps', 'grid', 'tolerance', 'onState', 'guidance'],
] as const;

/**
 * The closed form of the answer, where the model is a mixture of Gaussians, the question is linear, and no
 * option asks for another way.
 */
export function closedFormOf(
  model: ScoreModel,
  observation: Observation,
  options: object,
): ClosedForm | undefined {
  const own = options as { readonly [option: string]: unknown };
  if (OTHERS.some(option => own[option] !== undefined) || own.denoise === false) return undefined;
  return closedForm(model, observation);
}
