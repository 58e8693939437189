import { usage } from '../errors.ts';
import type { Sde } from './contract.ts';

/** x_t | x_s ~ N(scale · x_s, std² · I) */
export interface Transition {
  /** α_t/α_s, the factor of x_s. */
  readonly scale: number;
  /** Standard deviation of the noise added between s and t. */
  readonly std: number;
}

/**
 * The forward kernel between two times s ≤ t: scale = α_t/α_s and std² = σ_t² − scale²·σ_s², with (α, σ) the
 * marginal. In a discrete chain scale² is DDPM's α_k = 1 − β_k and, for a VE, std² is NCSN's σ_k² − σ_{k−1}².
 *
 * The difference of squares is computed as a product, but σ_t and scale·σ_s are rounded before. So the error
 * of std² is about 2e-15·σ_t² plus g² times one ulp of t. A step that adds 1e-8 of σ_t² has seven correct
 * digits, and a step that adds less than 1e-15 of σ_t² has none.
 * @throws usage if s > t
 */
export function transition(sde: Sde, s: number, t: number): Transition {
  if (!(s <= t)) {
    throw usage('a transition runs forward in time', {
      where: sde.name,
      got: `s = ${s}, t = ${t}`,
      expected: 's ≤ t',
    });
  }
  const from = sde.marginal(s);
  const to = sde.marginal(t);
  const scale = to.scale / from.scale;
  const carried = scale * from.std;
  return { scale, std: Math.sqrt(Math.max(0, (to.std - carried) * (to.std + carried))) };
}
