import { coefficients } from '../../sde/coefficients.ts';
import { type Options, requireBetween, withDefaults } from '../../sde/options.ts';
import { fromHost, mul, type Tensor, vjp } from '../../tensor/index.ts';
import { cleanOf } from '../clean.ts';
import type { Guidance, GuidanceArguments, Guided } from '../contract.ts';
import { logIndependent } from '../prediction.ts';
import { withDensities } from '../single-pass.ts';

const defaults = {
  /** λ, above 0: the weight of the model relative to the measurement. Default 1. */
  lambda: 1,
};

/**
 * DiffPIR (Zhu et al. 2023): x̂ is replaced by the proximal point argmin ‖y − A·x‖²/2R + ‖x − x̂‖²/2r², r² =
 * σ²/(λα²). For a linear measurement this is x̂ + r²Aᵀ(R + r²AAᵀ)⁻¹(y − A·x̂), for any other one step towards
 * it. The network is not differentiated.
 */
export function diffpir(options: Options<typeof defaults> = {}): Guidance {
  const { lambda } = withDefaults('diffpir', defaults, options);
  requireBetween('diffpir', 'lambda', lambda, 0);
  return Object.freeze({
    name: 'diffpir',
    twists: false,
    differentiates: false,
    cost: () => 0,
    look: (args: GuidanceArguments): Guided => {
      const { sde, model, weights, observation, rows, x, t } = args;
      const raw = model.raw(weights, x, t);
      const [v, gain] = coefficients(time => {
        const { scale, std } = sde.marginal(time);
        const ratio = (std / scale) ** 2 / lambda;
        // (α/σ²)·r²: converts a move of x̂ into a change of the score.
        return [ratio, (scale / std ** 2) * ratio] as const;
      }, t);
      const pull = (clean: Tensor) => {
        const mu = observation.count > 0 ? observation.apply(rows, clean) : undefined;
        return withDensities(args, mu && logIndependent(observation, mu, v), clean);
      };
      const ones = fromHost(new Float32Array(x.shape[0]!).fill(1), [x.shape[0]!]);
      const { product } = vjp(pull, cleanOf(sde, model, x, raw, t), ones);
      return { raw, gradient: mul(product, gain) };
    },
  } satisfies Guidance);
}
