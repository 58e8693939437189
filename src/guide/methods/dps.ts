import type { Observation } from '../../measure/observation.ts';
import { coefficients } from '../../sde/coefficients.ts';
import { type Options, requireBetween, withDefaults } from '../../sde/options.ts';
import {
  add,
  concat,
  fromHost,
  maximum,
  mul,
  slice,
  sqrt,
  square,
  sub,
  sum,
  type Tensor,
} from '../../tensor/index.ts';
import type { Guidance, GuidanceArguments } from '../contract.ts';
import { singlePass, withDensities } from '../single-pass.ts';

const defaults = {
  /** ζ, above 0: how far a unit of log-SNR moves x_t towards agreement, in model units. Default 1. */
  zeta: 1,
};

/**
 * Diffusion posterior sampling (Chung et al. 2023): x₀ is taken as x̂, and the guidance is JᵀAᵀ(y − h(x̂))
 * with a step of fixed length, ζ/(σ²‖y − h(x̂)‖), J = ∂x̂/∂x_t. So the probability flow moves by about ½ζ·‖J‖
 * for a unit of log-SNR on any grid, as the published sampler does by ζ in each step. The errors of y are not
 * used: the method searches for agreement and does not sample a posterior.
 */
export function dps(options: Options<typeof defaults> = {}): Guidance {
  const { zeta } = withDefaults('dps', defaults, options);
  requireBetween('dps', 'zeta', zeta, 0);
  return Object.freeze({
    name: 'dps',
    twists: false,
    differentiates: true,
    cost: () => 1,
    look: (args: GuidanceArguments) => {
      const { raw, gradient } = singlePass(args, (clean, t) => {
        const { observation, rows } = args;
        if (observation.count === 0) return withDensities(args, undefined, clean);
        const residual = residualOf(observation, observation.apply(rows, clean));
        const norm = sqrt(add(sum(square(residual), [1]), 1e-12));
        const length = coefficients(time => [-zeta / args.sde.marginal(time).std ** 2] as const, t)[0]!;
        return withDensities(args, mul(norm, length), clean);
      });
      return { raw, gradient };
    },
  } satisfies Guidance);
}

/** y − h, and for bounds the distance outside them: [B, m]. */
function residualOf({ readings, bounds }: Observation, mu: Tensor): Tensor {
  const rows = mu.shape[0]!;
  const [n, k] = [readings.value.length, bounds.low.length];
  const parts: Tensor[] = [];
  if (n > 0) parts.push(sub(fromHost(readings.value, [1, n]), slice(mu, [0, 0], [rows, n])));
  if (k > 0) {
    const inner = slice(mu, [0, n], [rows, k]);
    const finite = (ends: Float64Array) =>
      fromHost(
        ends.map(end => Math.max(-1e30, Math.min(1e30, end))),
        [1, k],
      );
    parts.push(maximum(maximum(sub(finite(bounds.low), inner), sub(inner, finite(bounds.high))), 0));
  }
  return parts.length === 1 ? parts[0]! : concat(parts, 1);
}
