import { element } from '../dom.ts';
import { colour, fresh, points, type View, viewOf } from '../plots.ts';
import { drawTiles, type Levels, levelsFor } from '../tiles.ts';

/** All that the page shows. */
export const shown = {
  shape: [2] as readonly number[],
  columns: [] as readonly string[],
  frames: [] as readonly Float64Array[],
  times: [] as readonly number[],
  losses: [] as (readonly [number, number])[],
  levels: undefined as Levels | undefined,
};

export const input = (id: string) => element<HTMLInputElement>(id);

export const columnName = (c: number): string => shown.columns[c] ?? `x${c + 1}`;

/** The frame of the slider: tiles of pictures, or the first two numbers of rows. */
export function draw(): void {
  const at = Number(input('time').value);
  const state = shown.frames[at];
  if (!state) return;
  element('time-value').textContent = `t = ${shown.times[at]!.toFixed(2)}`;
  const canvas = element<HTMLCanvasElement>('picture');
  canvas.style.aspectRatio = shown.shape.length > 1 ? '1' : '16 / 9';
  canvas.style.maxWidth = shown.shape.length > 1 ? '34rem' : '';
  const context = fresh(canvas);
  if (shown.shape.length > 1) {
    const levels = levelsFor(shown.levels, shown.frames.at(-1)!);
    drawTiles(context, canvas, state, { shape: shown.shape, levels, columns: 4 });
    return;
  }
  const pairs = firstTwo(state, shown.shape[0]!);
  points(context, canvas, wide(viewOf(firstTwo(shown.frames.at(-1)!, shown.shape[0]!))), pairs, {
    ...{ fill: colour('accent'), size: 1.8, alpha: 0.6 },
  });
}

/** A view of 16 to 9 around a square one. */
const wide = ({ x, y }: View): View => {
  const [middle, half] = [(x[0] + x[1]) / 2, ((x[1] - x[0]) / 2) * (16 / 9)];
  return { x: [middle - half, middle + half], y };
};

const firstTwo = (rows: Float64Array, width: number): Float64Array =>
  Float64Array.from({ length: (2 * rows.length) / width }, (_, i) =>
    i % 2 && width === 1 ? 0 : rows[Math.floor(i / 2) * width + (i % 2)]!,
  );
