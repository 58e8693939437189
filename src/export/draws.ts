import type { PathFactory } from '../solve/contract.ts';
import { combine, fromHost, type Shape } from '../tensor/index.ts';
import type { LeafValue } from '../tensor/trace/replay.ts';

/** The random draws of a solve, as unit normals, numbered in the order in which they are first used. */
export interface Draws {
  readonly path: PathFactory;
  /** The number of a draw, found by its array. */
  placeOf(value: LeafValue): number | undefined;
  count(): number;
}

/** `make` returns the values of the draw with a given number. */
export function draws(make: (place: number) => Float32Array): Draws {
  const places = new Map<LeafValue, number>();
  const drawsByName = new Map<string, Float32Array>();
  const draw = (name: string, shape: Shape) => {
    const values = drawsByName.get(name) ?? make(places.size);
    if (!drawsByName.has(name)) places.set(values, places.size);
    drawsByName.set(name, values);
    return fromHost(values, shape);
  };
  return {
    path: ({ step }, shape, t, s) => ({
      increment: () => combine([Math.sqrt(Math.abs(Number(s) - Number(t))), draw(`${step}:path`, shape)]),
      normal: k => draw(`${step}:fresh-${k}`, shape),
    }),
    placeOf: value => places.get(value),
    count: () => places.size,
  };
}
