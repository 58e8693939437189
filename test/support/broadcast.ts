import type { PlainTensor, Shape } from '../../src/tensor/index.ts';

/** The reference of operations that broadcast: loops in float64, which share no code with the operations. */
export interface Values {
  readonly data: readonly number[];
  readonly shape: Shape;
}

const common = (...shapes: Shape[]): Shape => {
  const rank = Math.max(...shapes.map(shape => shape.length));
  return Array.from({ length: rank }, (_, i) => Math.max(...shapes.map(s => s[i - rank + s.length] ?? 1)));
};

/**
 * The number at a position of the result. An axis of length 1, or a missing axis, has the same number
 * everywhere.
 */
function at({ data, shape }: Values, place: readonly number[]): number {
  const lead = place.length - shape.length;
  return data[shape.reduce((flat, side, i) => flat * side + (side === 1 ? 0 : place[lead + i]!), 0)]!;
}

function places(shape: Shape): number[][] {
  return shape.reduce<number[][]>(
    (known, side) => known.flatMap(place => Array.from({ length: side }, (_, i) => place.concat(i))),
    [[]],
  );
}

export const elementwise =
  (f: (...numbers: number[]) => number) =>
  (...xs: Values[]): Values => {
    const shape = common(...xs.map(x => x.shape));
    return { shape, data: places(shape).map(place => f(...xs.map(x => at(x, place)))) };
  };

export const product =
  (transposeA: boolean, transposeB: boolean) =>
  (a: Values, b: Values): Values => {
    const [m, n] = [a.shape.at(transposeA ? -1 : -2)!, b.shape.at(transposeB ? -2 : -1)!];
    const depth = a.shape.at(transposeA ? -2 : -1)!;
    const shape = [...common(a.shape.slice(0, -2), b.shape.slice(0, -2)), m, n];
    const entry = (place: number[]) => {
      const [stack, row, column] = [place.slice(0, -2), place.at(-2)!, place.at(-1)!];
      let total = 0;
      for (let k = 0; k < depth; k++) {
        total +=
          at(a, [...stack, ...(transposeA ? [k, row] : [row, k])]) *
          at(b, [...stack, ...(transposeB ? [column, k] : [k, column])]);
      }
      return total;
    };
    return { shape, data: places(shape).map(entry) };
  };

/** The gradient of Σᵢ probeᵢ·f(xs)ᵢ with respect to each of `xs`, by central differences in float64. */
export function slopes(f: (...xs: Values[]) => Values, xs: readonly Values[], probe: ArrayLike<number>) {
  const total = (moved: readonly Values[]) => f(...moved).data.reduce((sum, y, i) => sum + probe[i]! * y, 0);
  const h = 1e-5;
  const moved = (k: number, j: number, by: number) =>
    xs.map((x, i) => (i === k ? { ...x, data: x.data.with(j, x.data[j]! + by) } : x));
  return xs.map((x, k) => x.data.map((_, j) => (total(moved(k, j, h)) - total(moved(k, j, -h))) / (2 * h)));
}

export const asValues = ({ data, shape }: PlainTensor): Values => ({ data: Array.from(data), shape });
