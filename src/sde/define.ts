import { usage } from '../errors.ts';
import { requireTimes } from './checks.ts';
import type { Marginal, Sde } from './contract.ts';
import { type Moments, moments } from './moments.ts';

/**
 * A forward SDE dx = f(x, t) dt + g(t) dw as a user writes it: two functions of float64 scalars, and
 * optionally its marginal, prior and times.
 */
export interface SdeDefinition {
  /** Its name in error messages. */
  readonly name: string;
  /** f(x, t), per coordinate and linear in x. */
  drift(x: number, t: number): number;
  /** g(t) > 0 */
  diffusion(t: number): number;
  /** x_t | x_0 ~ N(scale·x_0, std² I). Default: solved from the moment equations. */
  marginal?(t: number): Marginal;
  /** Default: the standard deviation of the marginal at tMax. */
  readonly prior?: {
    /** Standard deviation of each coordinate of x_T, above 0. */
    readonly std: number;
  };
  /** Where sampling stops; default 1e-3. */
  readonly tMin?: number;
  /** Where sampling begins; default 1. */
  readonly tMax?: number;
  /** False if f or g, or one of their derivatives, jumps at some times; default true. */
  readonly smooth?: boolean;
}

/**
 * Makes an SDE dx = f(x, t) dt + g(t) dw from functions of your own. The drift must be linear in x, f(x, t) =
 * f(1, t)·x, as in every SDE whose transition kernel is Gaussian around a multiple of x_0. Without
 * `marginal`, the marginal is solved from m' = f m, v' = 2fv + g² to about 1e-11. A `marginal` is checked
 * against these equations.
 * @throws usage for a drift that is not linear, a diffusion or prior that is not positive, times out of
 * order, and a marginal that does not fit
 */
export function defineSde(definition: SdeDefinition): Sde {
  const { name, drift, diffusion, tMin = 1e-3, tMax = 1, smooth } = definition;
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
  const declared = smooth === undefined ? {} : { smooth };
  return Object.freeze({ name, tMin, tMax, ...declared, rate, diffusion, marginal, prior });
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
    const value = drift(x, t);
    if (Math.abs(value - rate * x) <= 1e-9 * Math.abs(rate * x) + 1e-12 * Math.abs(rate)) continue;
    throw usage('the drift is not linear in x', {
      where: name,
      got: `f(${x}, ${t}) = ${value}, while ${x}·f(1, ${t}) = ${rate * x}`,
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
  marginal: (t: number) => Marginal,
  solution: (t: number) => Moments,
  times: readonly number[],
): void {
  const first = marginal(times[0]!);
  const origin = marginal(0).scale;
  if (Number.isFinite(origin)) requireEqual(name, 'scale', 0, origin, 1);
  for (const t of times) {
    const { scale, std } = marginal(t);
    const expected = solution(t);
    const variance = (expected.scale * first.std) ** 2 + expected.variance;
    requireEqual(name, 'scale', t, scale, expected.scale * first.scale);
    requireEqual(name, 'std', t, std, Math.sqrt(variance));
  }
}

function requireEqual(name: string, what: string, t: number, value: number, expected: number): void {
  if (Math.abs(value - expected) <= 1e-6 * Math.abs(expected)) return;
  throw usage(`the marginal does not belong to this drift and diffusion: ${what}(${t})`, {
    where: name,
    got: value,
    expected: `${expected} by the moment equations`,
    remedy: 'Leave marginal out: then it is solved from the moment equations',
  });
}
