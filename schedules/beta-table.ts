import { type BetaSchedule, usage, withDefaults } from '../src/plugin.ts';

/**
 * A discrete table β_0 … β_{N−1} (DDPM's β_1 … β_N) as a piecewise constant rate: β(t) = −N log(1 − β_k) for
 * t in (k/N, (k+1)/N]. So the marginal of `vp` at t = (k+1)/N is exactly that of the chain, ᾱ = ∏(1 − β), and
 * so is the transition between any two such times. Each entry lies in (0, 1).
 */
export function betaTable({ betas, ...rest }: { readonly betas: readonly number[] }): BetaSchedule {
  withDefaults('beta-table', {}, rest);
  const table = isNumbers(betas) ? Float64Array.from(betas) : new Float64Array();
  const wrong = table.findIndex(beta => !(beta > 0 && beta < 1));
  if (table.length === 0 || wrong >= 0) {
    throw usage(wrong >= 0 ? `betas[${wrong}] is out of range` : 'the table is empty', {
      where: 'beta-table',
      got: wrong >= 0 ? table[wrong] : betas,
      expected: 'betas: one or more numbers in (0, 1)',
    });
  }
  const n = table.length;
  const steps = table.map(beta => -Math.log1p(-beta));
  const before = new Float64Array(n);
  for (let k = 1; k < n; k++) before[k] = before[k - 1]! + steps[k - 1]!;
  const index = (t: number) => Math.min(n - 1, Math.max(0, Math.ceil(t * n) - 1));
  return Object.freeze({
    kind: 'beta',
    name: 'beta-table',
    smooth: false,
    spec: Object.freeze({ name: 'beta-table', betas: Object.freeze([...table]) }),
    beta: (t: number) => n * steps[index(t)]!,
    integral: (t: number) => {
      const k = index(t);
      return before[k]! + (t * n - k) * steps[k]!;
    },
  });
}

const isNumbers = (list: unknown): list is readonly number[] =>
  Array.isArray(list) && list.every(value => typeof value === 'number');
