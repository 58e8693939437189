import { element } from '../dom.ts';
import type { View } from '../plots.ts';

/** Frames of a path, and samples on it. */
export const FRAMES = 41;
export const SHOWN = 1200;
/** Side of the grid of a density. */
export const DENSITY = 60;

/** Arrows `[n, 2]` from places `[n, 2]`, in data units. */
export interface Field {
  readonly places: Float64Array;
  readonly directions: Float64Array;
}

/** Samples on their way: `[n, 2]` at each time, from noise to data and back. */
export interface Path {
  readonly times: readonly number[];
  readonly reverse: Float32Array[];
  readonly forward: Float32Array[];
}

/** All that the page shows. */
export const shown = {
  data: 'moons',
  view: { x: [-2.4, 2.4], y: [-2.4, 2.4] } as View,
  rows: new Float64Array(0) as Float64Array,
  path: undefined as Path | undefined,
  live: undefined as { readonly points: ArrayLike<number> } | undefined,
  field: undefined as Field | undefined,
  density: undefined as Float64Array | undefined,
  given: undefined as { readonly points: ArrayLike<number> } | undefined,
  line: { angle: 30, offset: 0.1 },
  losses: [] as [number, number][],
};

export const plane = element<HTMLCanvasElement>('plane');
export const input = (id: string) => element<HTMLInputElement>(id);
/** The value of the radio button that is chosen. */
export const chosen = (name: string): string =>
  document.querySelector<HTMLInputElement>(`input[name="${name}"]:checked`)!.value;
/** The frame of the slider. */
export const frame = (): number => Number(input('time').value);
