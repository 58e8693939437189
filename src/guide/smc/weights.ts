import { logSumExp } from '../../math/log-sum.ts';
/** (Σw)²/Σw² of weights e^v: the number of equal weights that are worth as much; 0 if all weights are 0. */
export function effectiveSize(logWeights: ArrayLike<number>): number {
  const total = logSumExp(logWeights);
  if (total === -Infinity) return 0;
  let squares = 0;
  for (let i = 0; i < logWeights.length; i++) squares += Math.exp(2 * (logWeights[i]! - total));
  return 1 / squares;
}

/**
 * Systematic resampling: `count` places of weights e^v with one uniform u in (0, 1). Each place comes
 * ⌊count·w⌋ or ⌈count·w⌉ times. In rising order.
 */
export function systematic(logWeights: ArrayLike<number>, count: number, u: number): Uint32Array {
  const total = logSumExp(logWeights);
  const places = new Uint32Array(count);
  let [sum, place] = [Math.exp(logWeights[0]! - total), 0];
  for (let i = 0; i < count; i++) {
    const level = (i + u) / count;
    while (sum < level && place < logWeights.length - 1) {
      place++;
      sum += Math.exp(logWeights[place]! - total);
    }
    places[i] = place;
  }
  return places;
}
