import type { Sde } from '../sde/contract.ts';

/** Noise, in standard deviations of the data, at which the correction of a base has 70 % of its weight. */
const FINEST = 0.1;

/**
 * The weight of a network that corrects a base: r/√(r² + 0.1²) for r = σ/α. The velocity of any law is that
 * of a Gaussian up to O(σ) as the noise vanishes, while the target of training is pure noise there. So what
 * the network cannot know at small noise does no harm.
 */
export function shareOf(sde: Sde, t: number): number {
  const { scale, std } = sde.marginal(t);
  return std / Math.hypot(std, FINEST * scale);
}
