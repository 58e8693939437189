import { usage } from '../errors.ts';
import { mapInto } from '../files/numbers.ts';
import { gaussKronrod } from '../math/quadrature.ts';

/**
 * First panels, as shares of the interval. They are finest at its start, because integrals from there must
 * keep their digits.
 */
const FIRST_EDGES = [0, 1e-6, 1e-5, 1e-4, 1e-3, 1e-2, ...Array.from({ length: 16 }, (_, i) => (i + 1) / 16)];
const MAX_PANELS = 2000;
const NODES = 20;

/**
 * A part of the interval on which ∫ from its start is known to about 1e-13, as mean values over [from, node]
 * at Chebyshev nodes.
 */
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
 * Splits [from, to] until its two rules agree to `relative` on each panel, or to rounding of the average of
 * f. `f(u, end)` may depend on the end of its panel. Throws if this does not converge.
 */
export function panelise(
  f: (u: number, end: number) => number,
  from: number,
  to: number,
  what: string,
  relative = 1e-12,
): Panel[] {
  const edges = FIRST_EDGES.map(share => from + share * (to - from));
  const pending = edges.slice(1).map((high, i): [number, number] => [edges[i]!, high]);
  const sizes = pending.map(([low, high]) => Math.abs(gaussKronrod(u => f(u, high), low, high).value));
  const size = sizes.filter(Number.isFinite).reduce((sum, part) => sum + part, 0);
  const panels: Panel[] = [];
  pending.reverse();
  while (pending.length > 0) {
    const [low, high] = pending.pop()!;
    const local = (u: number) => f(u, high);
    const { value, error } = gaussKronrod(local, low, high);
    const middle = 0.5 * (low + high);
    const share = (high - low) / (to - from);
    const divisible = middle > low && middle < high && share > 1e-18;
    // No width resolves a jump or a root at 0. So the last panel may contribute 1e-14 of the whole.
    const rounding = size * (divisible ? 1e-15 * share : 1e-14);
    // Of an infinite value, every error would be a small part.
    if (Number.isFinite(value) && (error <= relative * Math.abs(value) || error <= rounding)) {
      panels.push({ from: low, to: high, total: value, means: meansOf(local, low, high) });
    } else {
      if (!divisible || panels.length + pending.length > MAX_PANELS) throw diverges(what, middle);
      pending.push([middle, high], [low, middle]);
    }
  }
  return panels;
}

/**
 * ∫ of the panel's function from its start to t, by barycentric interpolation: exactly 0 at the start, cheap.
 */
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

/**
 * (s, t) ↦ ∫ f over [s, t], for s ≤ t in [from, to], to about 1e-12 of the integral of |f| over the panels it
 * touches. The work is done once, here. Integrals from `from` keep their digits for any small t.
 */
export function increments(
  f: (u: number) => number,
  from: number,
  to: number,
  what = 'the function',
): (s: number, t: number) => number {
  const panels = panelise(f, from, to, what);
  const before = new Float64Array(panels.length + 1);
  for (let k = 0; k < panels.length; k++) before[k + 1] = before[k]! + panels[k]!.total;
  return (s, t) => {
    const [i, j] = [locate(panels, s), locate(panels, t)];
    const [first, last] = [panels[i]!, panels[j]!];
    if (i === j) return partial(last, t) - partial(first, s);
    return first.total - partial(first, s) + (before[j]! - before[i + 1]!) + partial(last, t);
  };
}

/** t ↦ ∫ f over [from, t]: `increments` from the start. */
export function antiderivative(
  f: (u: number) => number,
  from: number,
  to: number,
  what?: string,
): (t: number) => number {
  const between = increments(f, from, to, what);
  return t => between(from, t);
}

function meansOf(f: (u: number) => number, from: number, to: number): Float64Array {
  const width = to - from;
  return mapInto(
    new Float64Array(NODES),
    chebyshev,
    x => gaussKronrod(f, from, from + x * width).value / (x * width),
  );
}

function diverges(what: string, at: number) {
  return usage(`the integral of ${what} is infinite or does not converge`, {
    got: `trouble near t = ${Number(at.toPrecision(6))}`,
    expected: 'a function without poles on the interval and without changes faster than a thousandth of it',
  });
}
