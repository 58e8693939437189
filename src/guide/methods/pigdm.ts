import { type Options, requireBetween, withDefaults } from '../../sde/options.ts';
import { isotropic } from '../clean.ts';
import type { Guidance, GuidanceArguments } from '../contract.ts';
import { logIndependent } from '../prediction.ts';
import { singlePass, withDensities } from '../single-pass.ts';

const defaults = {
  /** Standard deviation s of the data, above 0. Default 1, that of standardised data. */
  spread: 1,
};

/**
 * ΠGDM (Song et al. 2023): x₀ | x_t ≈ N(x̂, r²I), r² = σ²s²/(α²s² + σ²), so p̃(y | x_t) = N(y; A·x̂, R +
 * r²AAᵀ). It takes one pass forward and back. A measurement that is not linear is treated as one with rows of
 * unit length.
 */
export function pigdm(options: Options<typeof defaults> = {}): Guidance {
  const { spread } = withDefaults('pigdm', defaults, options);
  requireBetween('pigdm', 'spread', spread, 0);
  return Object.freeze({
    name: 'pigdm',
    twists: true,
    differentiates: true,
    cost: () => 1,
    look: (args: GuidanceArguments) =>
      singlePass(args, (clean, t) => {
        const { observation, rows, sde } = args;
        const known = observation.count > 0;
        const mu = known ? observation.apply(rows, clean) : undefined;
        const v = isotropic(sde, spread * spread, t);
        return withDensities(args, mu && logIndependent(observation, mu, v), clean);
      }),
  } satisfies Guidance);
}
