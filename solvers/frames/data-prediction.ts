import { type Sde, usage } from '../../src/plugin.ts';
import { adamsWeights, lambda } from './exponential.ts';
import type { LinearStep } from './multistep.ts';

/** Rejects an order that a multistep method of predicted data does not support. */
export function requireOrder(where: string, order: number): void {
  if (order === 1 || order === 2 || order === 3) return;
  throw usage('option "order" is out of range', { where, got: order, expected: '1, 2 or 3' });
}

/** One step of order nodes.length from predicted data; η > 0 adds noise as the reverse SDE does at η = 1. */
export function dataStep(sde: Sde, t: number, s: number, nodes: readonly number[], eta = 0): LinearStep {
  const frame = dataFrame(sde, t, s, nodes, eta);
  return { ...frame, weights: dataWeights(frame, frame.places, eta) };
}

/**
 * A step from t to s in λ: its length, the positions of nodes in units of it, and what does not depend on
 * them.
 */
export function dataFrame(sde: Sde, t: number, s: number, nodes: readonly number[], eta: number) {
  const [from, to] = [sde.marginal(t), sde.marginal(s)];
  const start = Math.log(from.scale / from.std);
  const h = Math.log(to.scale / to.std) - start;
  return {
    h,
    scale: to.scale,
    places: nodes.map(node => (node === t ? 0 : node === s ? 1 : (lambda(sde, node) - start) / h)),
    keep: (to.std / from.std) * Math.exp(-eta * h),
    spread: eta === 0 ? 0 : (to.std * Math.sqrt(-Math.expm1(-2 * eta * h))) / Math.sqrt(t - s),
  };
}

/** The weights of network outputs at `places` in such a step. */
export function dataWeights(
  { h, scale }: { readonly h: number; readonly scale: number },
  places: readonly number[],
  eta: number,
): number[] {
  const weights = (places.length === 2 ? midpointWeights : adamsWeights)(places, h, 1 + eta);
  for (let j = 0; j < weights.length; j++) weights[j]! *= scale;
  return weights;
}

/**
 * The published second order: the slope through two network outputs is evaluated at the middle of the step,
 * half of h from its start.
 */
export function midpointWeights([, place]: readonly number[], h: number, kappa = 1): number[] {
  const whole = -Math.expm1(-kappa * h);
  const slope = whole / (2 * place!);
  return [whole - slope, slope];
}

/** Rejects a share of noise below 0. */
export function requireEta(where: string, eta: number): void {
  if (eta >= 0) return;
  throw usage('option "eta" is out of range', { where, got: eta, expected: '0 (no noise) or more' });
}
