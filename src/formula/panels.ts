import { usage } from '../errors.ts';
import { gaussKronrod } from './quadrature.ts';

const RELATIVE = 1e-13;
const FIRST_PANELS = 16;
const MAX_PANELS = 2000;
const NODES = 16;

/** A stretch on which ∫ from its start is known to about 1e-13, as mean values over [from, node] at Chebyshev nodes. */
export interface Panel {
  readonly from: number;
  readonly to: number;
  readonly total: number;
  readonly means: Float64Array;
}

const chebyshev = Array.from(
  { length: NODES },
  (_, j) => 0.5 - 0.5 * Math.cos(((2 * j + 1) * Math.PI) / (2 * NODES)),
);
const weights = Array.from(
  { length: NODES },
  (_, j) => (-1) ** j * Math.sin(((2 * j + 1) * Math.PI) / (2 * NODES)),
);

/**
 * Splits [from, to] until the 15-point rule is good to 1e-13 on each panel (or the panel weighs nothing against the
 * whole, as at a corner or jump). `f(u, start)` may depend on where its panel starts. Refuses what does not converge.
 */
export function panelise(
  f: (u: number, start: number) => number,
  from: number,
  to: number,
  what: string,
): Panel[] {
  const whole = Math.abs(gaussKronrod(u => f(u, from), from, to).value);
  const negligible = Number.isFinite(whole) ? 1e-15 * whole : 0;
  const edges = Array.from({ length: FIRST_PANELS + 1 }, (_, i) => from + ((to - from) * i) / FIRST_PANELS);
  const pending = edges
    .slice(1)
    .map((end, i): [number, number] => [edges[i]!, end])
    .reverse();
  const panels: Panel[] = [];
  while (pending.length > 0) {
    const [low, high] = pending.pop()!;
    const local = (u: number) => f(u, low);
    const { value, error } = gaussKronrod(local, low, high);
    if (error <= RELATIVE * Math.abs(value) || error <= negligible) {
      panels.push({ from: low, to: high, total: value, means: meansOf(local, low, high) });
      continue;
    }
    const middle = 0.5 * (low + high);
    if (panels.length + pending.length > MAX_PANELS || !(middle > low && middle < high))
      throw diverges(what, middle);
    pending.push([middle, high], [low, middle]);
  }
  return panels;
}

/** ∫ of the panel's function from its start to t, by barycentric interpolation: exactly 0 at the start, cheap. */
export function partial(panel: Panel, t: number): number {
  const width = panel.to - panel.from;
  const position = (t - panel.from) / width;
  let above = 0;
  let below = 0;
  for (let j = 0; j < NODES; j++) {
    const distance = position - chebyshev[j]!;
    if (distance === 0) return (t - panel.from) * panel.means[j]!;
    const weight = weights[j]! / distance;
    above += weight * panel.means[j]!;
    below += weight;
  }
  return (t - panel.from) * (above / below);
}

/** The index of the panel that holds t, or of the nearest one. */
export function locate(panels: readonly Panel[], t: number): number {
  let low = 0;
  let high = panels.length - 1;
  while (low < high) {
    const middle = (low + high + 1) >> 1;
    if (panels[middle]!.from <= t) low = middle;
    else high = middle - 1;
  }
  return low;
}

/** t ↦ ∫ f over [from, t], to about 1e-12 of itself for t in [from, to]; the work is done once, here. */
export function antiderivative(
  f: (u: number) => number,
  from: number,
  to: number,
  what = 'the function',
): (t: number) => number {
  const panels = panelise(f, from, to, what);
  const before = new Float64Array(panels.length);
  for (let k = 1; k < panels.length; k++) before[k] = before[k - 1]! + panels[k - 1]!.total;
  return t => {
    const k = locate(panels, t);
    return before[k]! + partial(panels[k]!, t);
  };
}

function meansOf(f: (u: number) => number, from: number, to: number): Float64Array {
  const width = to - from;
  return Float64Array.from(chebyshev, x => gaussKronrod(f, from, from + x * width).value / (x * width));
}

function diverges(what: string, at: number) {
  return usage(`the integral of ${what} does not converge`, {
    got: `trouble near t = ${Number(at.toPrecision(6))}`,
    expected: 'a function without poles on the interval',
  });
}
