import { antiderivative, locate, panelise, partial } from '../formula/panels.ts';

/** The first two moments at t, of a process that stood at 1 without variance at the start. */
export interface Moments {
  readonly scale: number;
  readonly variance: number;
}

/**
 * Solves the moment equations of dx = f(t)x dt + g(t)dw,
 * m' = f m and v' = 2fv + g², from m = 1, v = 0 at `from`, to about 1e-11:
 * m = e^F with F = ∫f, and v(t) = e^{2(F(t) − F(a))}·(v(a) + ∫ₐᵗ g² e^{−2(F(u) − F(a))} du), panel by panel,
 * so neither factor can overflow. All integrals are tabulated here; a call interpolates.
 */
export function moments(
  rate: (t: number) => number,
  diffusion: (t: number) => number,
  from: number,
  to: number,
): (t: number) => Moments {
  const growth = antiderivative(rate, from, to, 'the rate of the drift');
  const source = (u: number, start: number) => diffusion(u) ** 2 * Math.exp(-2 * (growth(u) - growth(start)));
  const panels = panelise(source, from, to, 'the squared diffusion');
  const starts = new Float64Array(panels.length);
  for (let k = 1; k < panels.length; k++) {
    const panel = panels[k - 1]!;
    starts[k] = Math.exp(2 * (growth(panel.to) - growth(panel.from))) * (starts[k - 1]! + panel.total);
  }
  return t => {
    const k = locate(panels, t);
    const panel = panels[k]!;
    const log = growth(t);
    const variance = Math.exp(2 * (log - growth(panel.from))) * (starts[k]! + partial(panel, t));
    return { scale: Math.exp(log), variance };
  };
}
