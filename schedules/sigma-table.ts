import { type SigmaSchedule, usage, withDefaults } from '../src/plugin.ts';

/**
 * A discrete table of N ≥ 2 noise levels, such as NCSN's, in rising or falling order. Level k (counted from
 * the smallest) is σ at t = k/(N − 1). Between two levels σ grows geometrically: dσ²/dt = 2σ²(N − 1)
 * log(σ_{k+1}/σ_k).
 */
export function sigmaTable({ sigmas, ...rest }: { readonly sigmas: readonly number[] }): SigmaSchedule {
  withDefaults('sigma-table', {}, rest);
  const table = isNumbers(sigmas) ? Float64Array.from(sigmas) : new Float64Array();
  if (table.length > 1 && table[0]! > table[1]!) table.reverse();
  const rising = table.every((sigma, k) => sigma > (k === 0 ? 0 : table[k - 1]!) && Number.isFinite(sigma));
  if (table.length < 2 || !rising) {
    throw usage('the table is not a list of noise levels', {
      where: 'sigma-table',
      got: sigmas,
      expected: 'sigmas: two or more positive numbers, all rising or all falling',
    });
  }
  const n = table.length - 1;
  const growth = Float64Array.from({ length: n }, (_, k) => Math.log(table[k + 1]! / table[k]!));
  const index = (t: number) => Math.min(n - 1, Math.max(0, Math.ceil(t * n) - 1));
  const sigma = (t: number) => {
    const k = index(t);
    // Computed from the nearer level, so that the levels themselves are exact.
    const along = t * n - k;
    return along < 0.5
      ? table[k]! * Math.exp(along * growth[k]!)
      : table[k + 1]! * Math.exp((along - 1) * growth[k]!);
  };
  return Object.freeze({
    kind: 'sigma',
    name: 'sigma-table',
    smooth: false,
    spec: Object.freeze({ name: 'sigma-table', sigmas: Object.freeze([...table]) }),
    sigma,
    dSigma2: (t: number) => 2 * sigma(t) ** 2 * n * growth[index(t)]!,
  });
}

const isNumbers = (list: unknown): list is readonly number[] =>
  Array.isArray(list) && list.every(value => typeof value === 'number');
