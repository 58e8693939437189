import { lobatto } from '../math/lobatto.ts';
import {
  abs,
  add,
  combine,
  div,
  fromHost,
  mul,
  type Operand,
  reshape,
  select,
  square,
  sub,
  sumPerSample,
  type Tensor,
} from '../tensor/index.ts';
import type { Look, Moved, Place } from './contract.ts';

/** A coefficient times a number. */
export const times = (c: Operand, factor: number): Operand =>
  typeof c === 'number'
    ? c * factor
    : c instanceof Float64Array
      ? c.map(value => value * factor)
      : mul(c, factor);

/**
 * The unadjusted Langevin step x + ½h²·∇log p(x) + h·z. Its stationary distribution has an error of order h².
 */
export const langevinMove = (look: Look, here: Place, step: Operand, z: Tensor): Place =>
  look(add(here.x, mul(add(mul(here.score, times(step, 0.5)), z), step)));

/** The settings of a Hamiltonian move. */
export interface HamiltonianOptions {
  /** Leapfrog steps; 1 is MALA. */
  readonly leaps: number;
  /**
   * If only the score is known: inner points of Lobatto's rule for the log-density difference along each
   * step.
   */
  readonly nodes: number;
}

/**
 * A Metropolis-adjusted Hamiltonian move (Duane et al. 1987; Neal 2011, §3): `leaps` leapfrog steps of length
 * h from momentum z, accepted if log p(y) − log p(x) + ½|z|² − ½|z'|² > −e, e ~ Exp(1). With one leap it is
 * MALA (Roberts & Tweedie 1996), x + ½h²·∇log p(x) + h·z.
 *
 * If only the score is known, log p(y) − log p(x) is its line integral along the leaps, by Lobatto's rule. A
 * proposal that is NaN is rejected.
 * z: [B, ...D], exponential: [B].
 */
export function hamiltonianMove(
  look: Look,
  here: Place,
  step: Operand,
  { z, exponential }: { readonly z: Tensor; readonly exponential: Tensor },
  { leaps, nodes }: HamiltonianOptions,
): Required<Moved> {
  const half = times(step, 0.5);
  const rises: Tensor[] = [];
  let [place, momentum] = [here, z];
  for (let i = 0; i < leaps; i++) {
    const middle = add(momentum, mul(place.score, half));
    const next = look(add(place.x, mul(middle, step)));
    if (!next.logDensity) rises.push(lineIntegral(look, place, next, nodes));
    momentum = add(middle, mul(next.score, half));
    place = next;
  }
  const rise =
    place.logDensity && here.logDensity ? sub(place.logDensity, here.logDensity) : rises.reduce(add);
  const kinetic = sumPerSample(mul(sub(z, momentum), add(z, momentum)));
  const margin = add(combine([1, rise], [0.5, kinetic]), exponential);
  return outcomeOf(margin, place, here);
}

/**
 * A move to a fresh draw y of N(0, spread²I), whatever x is, accepted with the probability
 * min(1, p(y)·q(x)/p(x)·q(y)), q the density of the draws (Tierney 1994, an independence sampler). It leaves
 * p as it is and crosses between modes of any distance. In many dimensions hardly any is accepted.
 * z: [B, ...D], exponential: [B]. Both places need `logDensity`.
 */
export function independentMove(
  look: Look,
  here: Place,
  spread: number,
  { z, exponential }: { readonly z: Tensor; readonly exponential: Tensor },
): Required<Moved> {
  const there = look(mul(z, spread));
  const rise = combine(
    [1, there.logDensity!],
    [-1, here.logDensity!],
    [0.5, sumPerSample(square(z))],
    [-0.5 / spread ** 2, sumPerSample(square(here.x))],
  );
  return outcomeOf(add(rise, exponential), there, here);
}

/** ∫ ∇log p · dx along the line from one place to another: log p at the end minus log p at the start. [B] */
export function lineIntegral(look: Look, from: Place, to: Place, nodes: number): Tensor {
  const way = sub(to.x, from.x);
  const terms = lobatto(nodes + 2).map(({ place, weight }, i, all) => {
    const score =
      i === 0 ? to.score : i === all.length - 1 ? from.score : look(add(from.x, mul(way, place))).score;
    return [weight, score] as const;
  });
  return sumPerSample(mul(way, combine(...terms)));
}

/** `there` if the margin is above 0, else `here`. */
function outcomeOf(margin: Tensor, there: Place, here: Place): Required<Moved> {
  const rows = margin.shape[0]!;
  // 1, −1 or NaN: `select` takes the first operand for values above ½.
  const sign = div(margin, abs(margin));
  const wide = reshape(sign, [rows, ...here.x.shape.slice(1).map(() => 1)]);
  const pick = (a: Tensor, b: Tensor) => select(wide, a, b);
  const [one, zero] = [1, 0].map(value => fromHost(new Float32Array(rows).fill(value), [rows]));
  return {
    place: {
      x: pick(there.x, here.x),
      score: pick(there.score, here.score),
      ...(there.logDensity &&
        here.logDensity && { logDensity: select(sign, there.logDensity, here.logDensity) }),
    },
    accepted: select(sign, one!, zero!),
  };
}
