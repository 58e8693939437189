/** Pictures `[n, ...shape]` side by side: `[H, W]`, or `[C, H, W]` with one or three channels. */
export function drawTiles(
  context: CanvasRenderingContext2D,
  canvas: HTMLCanvasElement,
  values: ArrayLike<number>,
  shape: readonly number[],
): void {
  const [height, width] = shape.slice(-2) as [number, number];
  const channels = shape.length === 3 ? shape[0]! : 1;
  const size = channels * height * width;
  const count = values.length / size;
  const side = Math.ceil(Math.sqrt(count));
  const cell = canvas.getBoundingClientRect().width / side;
  const high = Array.from(values).some(value => value > 1.5) ? 255 : 1;
  context.imageSmoothingEnabled = false;
  for (let i = 0; i < count; i++) {
    const picture = new ImageData(width, height);
    for (let p = 0; p < width * height; p++) {
      const level = (c: number) =>
        (255 / high) * values[i * size + (channels === 3 ? c : 0) * height * width + p]!;
      picture.data.set([level(0), level(1), level(2), 255], 4 * p);
    }
    const small = new OffscreenCanvas(width, height);
    small.getContext('2d')!.putImageData(picture, 0, 0);
    context.drawImage(small, (i % side) * cell, Math.floor(i / side) * cell, cell - 2, cell - 2);
  }
}
