import type { Spec } from './vega.ts';

const raised = (n: number) => String(n).replace(/[-\d]/g, c => (c === '-' ? '⁻' : '⁰¹²³⁴⁵⁶⁷⁸⁹'[Number(c)]!));

/**
 * An axis for positive `values`. It is linear if the largest is less than three times the smallest, and
 * logarithmic otherwise. A logarithmic axis has at most eight ticks, at powers of ten (10⁻², 10⁻¹, …). If it
 * spans less than two decades, it has ticks at 1, 2 and 5 times powers of ten, as plain numbers.
 */
export function logAxis(values: readonly number[]): { readonly scale: Spec; readonly axis: Spec } {
  const [least, most] = [values.reduce((a, b) => Math.min(a, b)), values.reduce((a, b) => Math.max(a, b))];
  if (most < 3 * least) return { scale: { zero: false }, axis: {} };
  const [low, high] = [least / 1.25, most * 1.25];
  const scale = { type: 'log', domain: [low, high], nice: false };
  const [first, last] = [Math.floor(Math.log10(low)), Math.ceil(Math.log10(high))];
  const exponents = Array.from({ length: last - first + 1 }, (_, i) => first + i);
  const within = (tick: number) => tick >= low && tick <= high;
  if (Math.log10(high / low) < 2) {
    const ticks = exponents.flatMap(e => [1, 2, 5].map(digit => Number(`${digit}e${e}`))).filter(within);
    return { scale, axis: { values: ticks, format: '~g' } };
  }
  const decades = exponents.filter(e => within(Number(`1e${e}`)));
  const every = Math.ceil(decades.length / 8);
  const labelled = decades.filter(e => e % every === 0);
  const names = JSON.stringify(Object.fromEntries(labelled.map(e => [e, `10${raised(e)}`])));
  const axis = {
    values: labelled.map(e => Number(`1e${e}`)),
    labelExpr: `${names}[round(log(datum.value) / LN10)]`,
  };
  return { scale, axis };
}
