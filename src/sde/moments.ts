import { increments, locate, panelise, partial } from '../formula/panels.ts';

/** The first two moments at t, of a process that starts at 1 without variance. */
export interface Moments {
  readonly scale: number;
  readonly variance: number;
}

/**
 * Solves the moment equations of dx = f(t)x dt + g(t)dw, m' = f m and v' = 2fv + g², from m = 1, v = 0 at
 * `from`, to about 1e-11. The solution is m = e^F with F = ∫f, and, panel by panel from a to b, v(t) =
 * e^{2(F(t) − F(a))}·v(a) + e^{2(F(t) − F(b))}·J(t) with J(t) = ∫ₐᵗ g² e^{2(F(b) − F(u))} du. In this form
 * nothing overflows. All integrals are tabulated here; a call only interpolates.
 */
export function moments(
  rate: (t: number) => number,
  diffusion: (t: number) => number,
  from: number,
  to: number,
): (t: number) => Moments {
  const growth = increments(rate, from, to, 'the rate of the drift');
  const carried = (u: number, t: number) => Math.exp(2 * growth(u, t));
  const source = (u: number, end: number) => diffusion(u) ** 2 * carried(u, end);
  // F itself is rounded, and the exponential turns that into a relative error. So the quadrature need not be
  // more precise than this.
  const relative = 1e-12 + 1e-15 * Math.abs(growth(from, to));
  const panels = panelise(source, from, to, 'the squared diffusion', relative);
  const starts = new Float64Array(panels.length);
  for (let k = 1; k < panels.length; k++) {
    const panel = panels[k - 1]!;
    starts[k] = carried(panel.from, panel.to) * starts[k - 1]! + panel.total;
  }
  return t => {
    const k = locate(panels, t);
    const panel = panels[k]!;
    const variance = carried(panel.from, t) * starts[k]! + partial(panel, t) / carried(t, panel.to);
    return { scale: Math.exp(growth(from, t)), variance };
  };
}
