/** The values of black and white. */
export type Levels = readonly [black: number, white: number];

/** One picture of `values`, `[H, W]` or `[C, H, W]` with one or three channels, a pixel for each place. */
export function pictureOf(
  values: ArrayLike<number>,
  index: number,
  shape: readonly number[],
  [black, white]: Levels,
): OffscreenCanvas {
  const [height, width] = shape.slice(-2) as [number, number];
  const channels = shape.length === 3 ? shape[0]! : 1;
  const places = height * width;
  const picture = new ImageData(width, height);
  for (let p = 0; p < places; p++) {
    const level = (c: number) => {
      const value = values[(index * channels + (channels === 3 ? c : 0)) * places + p]!;
      return (255 * (value - black)) / (white - black);
    };
    picture.data.set([level(0), level(1), level(2), 255], 4 * p);
  }
  const small = new OffscreenCanvas(width, height);
  small.getContext('2d')!.putImageData(picture, 0, 0);
  return small;
}

/** The levels of the scaling of a run; else the range of these values. */
export function levelsFor(levels: Levels | undefined, values: ArrayLike<number>): Levels {
  if (levels) return levels;
  let [low, high] = [Infinity, -Infinity];
  for (const value of Array.from(values)) [low, high] = [Math.min(low, value), Math.max(high, value)];
  return [low, high > low ? high : low + 1];
}

/** Pictures `[n, ...shape]` side by side, in `columns` columns. */
export function drawTiles(
  context: CanvasRenderingContext2D,
  canvas: HTMLCanvasElement,
  values: ArrayLike<number>,
  {
    shape,
    levels,
    columns,
  }: { readonly shape: readonly number[]; readonly levels: Levels; readonly columns: number },
): void {
  const [height, width] = shape.slice(-2) as [number, number];
  const count = values.length / shape.reduce((product, side) => product * side, 1);
  const cell = canvas.getBoundingClientRect().width / columns;
  const tall = (cell * height) / width;
  context.imageSmoothingEnabled = false;
  for (let i = 0; i < count; i++) {
    const [left, top] = [(i % columns) * cell, Math.floor(i / columns) * tall];
    context.drawImage(pictureOf(values, i, shape, levels), left, top, cell - 2, tall - 2);
  }
}
