import type { PathFactory } from '../solve/contract.ts';
import { combine, fromHost, type Shape } from '../tensor/index.ts';
import type { LeafValue } from '../tensor/trace/replay.ts';

/** The draws of a solve as unit normals in the order first asked for. */
export interface Draws {
  readonly path: PathFactory;
  /** The place of a draw among all, by its array. */
  placeOf(value: LeafValue): number | undefined;
  count(): number;
}

/** `make` gives the values of the draw at a place. */
export function draws(make: (place: number) => Float32Array): Draws {
  const places = new Map<LeafValue, number>();
  const known = new Map<string, Float32Array>();
  const draw = (name: string, shape: Shape) => {
    const values = known.get(name) ?? make(places.size);
    if (!known.has(name)) places.set(values, places.size);
    known.set(name, values);
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
