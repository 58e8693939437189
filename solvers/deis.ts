import { lagrange, legendre, type Options, type Sde, type Solver, withDefaults } from '../src/plugin.ts';
import { requireOrder } from './frames/data-prediction.ts';
import { lambda } from './frames/exponential.ts';
import { type LinearStep, multistep } from './frames/multistep.ts';

const defaults = {
  /** Number of network outputs for the extrapolation of the noise: 1, 2 or 3. Default 3. */
  order: 3,
};

/**
 * DEIS, variant tAB (Zhang & Chen 2023, eq. 14). With ρ = σ/α the probability flow is d(x/α) = ε dρ. The
 * predicted noise is extrapolated as a polynomial in t through `order` network outputs (1 is DDIM):
 * x_s = (α_s/α_t)·x_t + α_s·Σ Cⱼεⱼ, Cⱼ = ∫ρ′ℓⱼ dt by Gauss-Legendre quadrature in √t, with a panel for each
 * unit of log ρ.
 * `order` 1, 2 or 3 (default). One evaluation a step, and one more in the first at order 3.
 */
export function deis(options: Options<typeof defaults> = {}): Solver {
  const { order } = withDefaults('deis', defaults, options);
  requireOrder('deis', order);
  return multistep({
    name: 'deis',
    order,
    depth: order,
    field: 'noise',
    noise: 'none',
    grid: 'quadratic',
    linear: noiseStep,
  });
}

function noiseStep(sde: Sde, t: number, s: number, nodes: readonly number[]): LinearStep {
  const [at, to] = [sde.marginal(t), sde.marginal(s)];
  const total = to.std / to.scale - at.std / at.scale;
  // ρ' = ρg²/2σ²
  const growth = (time: number) => {
    const { scale, std } = sde.marginal(time);
    return sde.diffusion(time) ** 2 / (2 * scale * std);
  };
  const polynomials = lagrange(nodes.map(node => (node - t) / (s - t)));
  const points = polynomials.length > 1 ? quadrature(t, s, Math.abs(lambda(sde, s) - lambda(sde, t))) : [];
  const slopes = points.map(({ time, weight }) => weight * growth(time));
  const others = polynomials
    .slice(1)
    .map(polynomial =>
      points.reduce((sum, { time }, i) => sum + slopes[i]! * valueAt(polynomial, (time - t) / (s - t)), 0),
    );
  const first = total - others.reduce((sum, c) => sum + c, 0);
  return { keep: to.scale / at.scale, weights: [first, ...others].map(c => to.scale * c) };
}

/**
 * Times and weights of ∫ f dt from t to s. Where noise begins, ρ grows as √t or as t, so it is smooth in √t.
 * Where ρ grows by many factors of e, the interval is divided into as many panels.
 */
function quadrature(t: number, s: number, factors: number): { time: number; weight: number }[] {
  const panels = Math.max(1, Math.ceil(factors));
  const [from, way] = [Math.sqrt(t), Math.sqrt(s) - Math.sqrt(t)];
  return Array.from({ length: panels }, (_, k) =>
    rule.map(({ place, weight }) => {
      const root = from + (way * (k + place)) / panels;
      return { time: root * root, weight: (2 * root * way * weight) / panels };
    }),
  ).flat();
}

const valueAt = (polynomial: readonly number[], u: number) =>
  polynomial.reduceRight((sum, c) => sum * u + c, 0);

const rule = legendre(16);
