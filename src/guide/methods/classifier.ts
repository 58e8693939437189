import type { Observation } from '../../measure/observation.ts';
import { type Options, withDefaults } from '../../sde/options.ts';
import type { Guidance } from '../contract.ts';
import { isNoisyOnly, lookAtNoisy } from '../noisy.ts';

/**
 * Classifier guidance (Song et al. 2021, §5; Dhariwal & Nichol 2021): ∇log p(y | x_t) of a classifier that
 * knows noisy samples, and nothing else. It is exact if the classifier is. Other methods add the same term to
 * theirs.
 */
export function classifier(options: Options<Record<never, never>> = {}): Guidance {
  withDefaults('classifier', {}, options);
  return Object.freeze({
    name: 'classifier',
    twists: true,
    differentiates: false,
    cost: () => 0,
    refuses: (observation: Observation) =>
      isNoisyOnly(observation) ? undefined : 'classes of a classifier, and no other measurement',
    look: lookAtNoisy,
  } satisfies Guidance);
}
