import { usage } from '../errors.ts';
import { requireTimes } from './checks.ts';
import type { Marginal, Sde } from './contract.ts';
import { type Moments, moments } from './moments.ts';

/**
 * A forward SDE dx = f(x, t) dt + g(t) dw as its user writes it: two functions of float64 scalars, and what
 * else is known.
 */
export interface SdeDefinition {
  /** What people call it; errors name it. */
  readonly name: string;
  /** f(x, t), per coordinate and linear in x. */
  drift(x: number, t: number): number;
  /** g(t) > 0 */
  diffusion(t: number): number;
  /** x_t | x_0 ~ N(scale·x_0, std² I); solved from the moment equations where not given. */
  marginal?(t: number): Marginal;
  /** Default: the standard deviation of the marginal at tMax. */
  readonly prior?: {
    /** Standard deviation of each coordinate of x_T, above 0. */
    readonly std: number;
  };
  /** Where sampling stops; default 1e-3. */
  readonly tMin?: number;
  /** Default 1. */
  readonly tMax?: number;
}

/**
 * An SDE dx = f(x, t) dt + g(t) dw of the user's own. The drift must be linear in x, f(x, t) = f(1, t)·x, as
 * in every SDE whose transition kernel is Gaussian around a multiple of x_0; anything else is refused in
 * words. A marginal not given is solved from m' = f m, v' = 2fv + g² to about 1e-11; one given is checked
 * against them.
 */
export function defineSde(definition: SdeDefinition): Sde {
  const { name, drift, diffusion, tMin = 1e-3, tMax = 1 } = definition;
  requireTimes(name, tMin, tMax, () => 1);
  const times = Array.from({ length: 17 }, (_, i) => tMin + ((tMax - tMin) * i) / 16);
  for (const t of times) requireLinear(name, drift, t);
  for (const t of times) requireNoise(name, diffusion, t);
  const rate = (t: number) => drift(1, t);
  const marginal = definition.marginal ?? solved(moments(rate, diffusion, 0, tMax));
  if (definition.marginal)
    requireMoments(name, definition.marginal, moments(rate, diffusion, tMin, tMax), times);
  requireTimes(name, tMin, tMax, t => marginal(t).std);
  const prior = Object.freeze({ std: definition.prior?.std ?? marginal(tMax).std });
  if (!(prior.std > 0 && Number.isFinite(prior.std))) {
    throw usage('the prior needs a positive standard deviation', { where: name, got: prior.std });
  }
  return Object.freeze({ name, tMin, tMax, rate, diffusion, marginal, prior });
}

function solved(at: (t: number) => Moments): (t: number) => Marginal {
  return t => {
    const { scale, variance } = at(t);
    return { scale, std: Math.sqrt(Math.max(0, variance)) };
  };
}

function requireLinear(name: string, drift: SdeDefinition['drift'], t: number): void {
  const rate = drift(1, t);
  for (const x of [-3, -1, 0, 0.1, 0.5, 2, 50]) {
    const got = drift(x, t);
    if (Math.abs(got - rate * x) <= 1e-9 * Math.abs(rate * x) + 1e-12 * Math.abs(rate)) continue;
    throw usage('the drift is not linear in x', {
      where: name,
      got: `f(${x}, ${t}) = ${got}, while ${x}·f(1, ${t}) = ${rate * x}`,
      expected: 'f(x, t) = f(1, t)·x, without which the transition kernel is not Gaussian',
    });
  }
}

function requireNoise(name: string, diffusion: SdeDefinition['diffusion'], t: number): void {
  const g = diffusion(t);
  if (g > 0 && Number.isFinite(g)) return;
  throw usage(`the diffusion is ${g} at t = ${t}`, { where: name, expected: 'a finite g(t) above 0' });
}

/**
 * From any earlier time a, the moments must be scale(t)/scale(a) and std²(t) − (scale(t)/scale(a))²·std²(a).
 */
function requireMoments(
  name: string,
  given: (t: number) => Marginal,
  solution: (t: number) => Moments,
  times: readonly number[],
): void {
  const first = given(times[0]!);
  const origin = given(0).scale;
  if (Number.isFinite(origin)) requireEqual(name, 'scale', 0, origin, 1);
  for (const t of times) {
    const { scale, std } = given(t);
    const wanted = solution(t);
    const variance = (wanted.scale * first.std) ** 2 + wanted.variance;
    requireEqual(name, 'scale', t, scale, wanted.scale * first.scale);
    requireEqual(name, 'std', t, std, Math.sqrt(variance));
  }
}

function requireEqual(name: string, what: string, t: number, got: number, wanted: number): void {
  if (Math.abs(got - wanted) <= 1e-6 * Math.abs(wanted)) return;
  throw usage(`the marginal does not belong to this drift and diffusion: ${what}(${t})`, {
    where: name,
    got,
    expected: `${wanted} by the moment equations`,
    remedy: 'Leave marginal out to have it solved',
  });
}
