/** The part of the plane that a picture shows, in data units. */
export interface View {
  readonly x: readonly [low: number, high: number];
  readonly y: readonly [low: number, high: number];
}

/** A colour of the style sheet, as it is in the light or the dark. */
export const colour = (name: string): string =>
  getComputedStyle(document.documentElement).getPropertyValue(`--${name}`).trim();

/** A canvas at the resolution of the screen, empty. */
export function fresh(canvas: HTMLCanvasElement): CanvasRenderingContext2D {
  const ratio = devicePixelRatio || 1;
  const { width, height } = canvas.getBoundingClientRect();
  canvas.width = Math.max(1, Math.round(width * ratio));
  canvas.height = Math.max(1, Math.round(height * ratio));
  const context = canvas.getContext('2d')!;
  context.scale(ratio, ratio);
  return context;
}

/** Data units to pixels of the page. */
export function scales(canvas: HTMLCanvasElement, { x, y }: View) {
  const { width, height } = canvas.getBoundingClientRect();
  return {
    width,
    height,
    x: (value: number) => ((value - x[0]) / (x[1] - x[0])) * width,
    y: (value: number) => height - ((value - y[0]) / (y[1] - y[0])) * height,
    valueX: (pixel: number) => x[0] + (pixel / width) * (x[1] - x[0]),
    valueY: (pixel: number) => y[1] - (pixel / height) * (y[1] - y[0]),
  };
}

/** A square view with room around rows of two numbers; far ones are left outside. */
export function viewOf(points: ArrayLike<number>): View {
  const side = (d: number) => {
    const values = Array.from({ length: points.length / 2 }, (_, i) => points[2 * i + d]!).sort(
      (a, b) => a - b,
    );
    return [
      values[Math.floor(values.length * 0.005)] ?? -1,
      values[Math.ceil(values.length * 0.995) - 1] ?? 1,
    ] as const;
  };
  const [x, y] = [side(0), side(1)];
  const half = 0.62 * Math.max(x[1] - x[0], y[1] - y[0], 1e-9);
  const around = ([low, high]: readonly [number, number]) =>
    [(low + high) / 2 - half, (low + high) / 2 + half] as const;
  return { x: around(x), y: around(y) };
}

/** Rows of two numbers as points. */
export function points(
  context: CanvasRenderingContext2D,
  canvas: HTMLCanvasElement,
  view: View,
  rows: ArrayLike<number>,
  { fill = colour('ink'), size = 1.6, alpha = 0.55 } = {},
): void {
  const at = scales(canvas, view);
  context.fillStyle = fill;
  context.globalAlpha = alpha;
  for (let i = 0; i + 1 < rows.length; i += 2) {
    context.beginPath();
    context.arc(at.x(rows[i]!), at.y(rows[i + 1]!), size, 0, 2 * Math.PI);
    context.fill();
  }
  context.globalAlpha = 1;
}

/** Stops of the colours of densities, from little to much, over the paper. */
const RAMP = [
  [36, 86, 199, 0],
  [36, 86, 199, 70],
  [56, 140, 205, 150],
  [92, 190, 170, 215],
  [246, 205, 90, 245],
] as const;

function ramp(share: number): readonly number[] {
  const place = Math.min(0.9999, Math.max(0, share)) * (RAMP.length - 1);
  const [low, rest] = [Math.floor(place), place % 1];
  return RAMP[low]!.map((value, i) => value + (RAMP[low + 1]![i]! - value) * rest);
}

/** A grid of densities `[n, n]`, rows from the top, as a picture. The largest has the strongest colour. */
export function heat(
  context: CanvasRenderingContext2D,
  canvas: HTMLCanvasElement,
  values: ArrayLike<number>,
  n: number,
): void {
  const most = Array.from(values).sort((a, b) => a - b)[Math.floor(values.length * 0.995)] || 1;
  const picture = new ImageData(n, n);
  for (let i = 0; i < n * n; i++) picture.data.set(ramp(Math.sqrt(values[i]! / most)), 4 * i);
  const small = new OffscreenCanvas(n, n);
  small.getContext('2d')!.putImageData(picture, 0, 0);
  const { width, height } = canvas.getBoundingClientRect();
  context.imageSmoothingQuality = 'high';
  context.drawImage(small, 0, 0, width, height);
}

/** Arrows from places `[n, 2]` along directions `[n, 2]` in data units; the longest fills a cell. */
export function arrows(
  context: CanvasRenderingContext2D,
  canvas: HTMLCanvasElement,
  view: View,
  { places, directions }: { readonly places: ArrayLike<number>; readonly directions: ArrayLike<number> },
): void {
  const at = scales(canvas, view);
  const count = places.length / 2;
  const cell = at.width / Math.sqrt(count);
  const lengths = Array.from({ length: count }, (_, i) =>
    Math.hypot(directions[2 * i]!, directions[2 * i + 1]!),
  );
  const typical = lengths.toSorted((a, b) => a - b)[Math.floor(count * 0.7)] || 1;
  context.strokeStyle = colour('accent');
  context.lineWidth = 1;
  for (let i = 0; i < count; i++) {
    const length = 0.75 * cell * Math.tanh(lengths[i]! / typical);
    const [dx, dy] = [directions[2 * i]! / (lengths[i]! || 1), -directions[2 * i + 1]! / (lengths[i]! || 1)];
    const [x, y] = [at.x(places[2 * i]!), at.y(places[2 * i + 1]!)];
    const [endX, endY] = [x + dx * length, y + dy * length];
    context.globalAlpha = 0.25 + 0.45 * (length / cell);
    context.beginPath();
    context.moveTo(x, y);
    context.lineTo(endX, endY);
    for (const turn of [2.6, -2.6]) {
      context.moveTo(endX, endY);
      context.lineTo(
        endX + 0.3 * length * (dx * Math.cos(turn) - dy * Math.sin(turn)),
        endY + 0.3 * length * (dx * Math.sin(turn) + dy * Math.cos(turn)),
      );
    }
    context.stroke();
  }
  context.globalAlpha = 1;
}

/** A line through points `[x, y]`, with the range of both in the corners. */
export function curve(canvas: HTMLCanvasElement, line: readonly (readonly [number, number])[]): void {
  const context = fresh(canvas);
  if (line.length < 2) return;
  const [xs, ys] = [line.map(([x]) => x), line.map(([, y]) => y)];
  const low = Math.min(...ys);
  const high = ys.toSorted((a, b) => a - b)[Math.floor(ys.length * 0.98)]!;
  const room = (high - low) * 0.12 || 1;
  const view: View = { x: [xs[0]!, xs.at(-1)!], y: [low - room, high + room] };
  const at = scales(canvas, view);
  context.strokeStyle = colour('accent');
  context.lineWidth = 1.75;
  context.lineJoin = 'round';
  context.beginPath();
  for (const [x, y] of line) context.lineTo(at.x(x), at.y(y));
  context.stroke();
  context.fillStyle = colour('soft');
  context.font = '11px system-ui, sans-serif';
  context.textAlign = 'right';
  context.fillText(ys.at(-1)!.toPrecision(3), at.width - 6, 15);
  context.fillText(`step ${xs.at(-1)}`, at.width - 6, at.height - 6);
}

/** Two histograms over the same bins: the data filled, the model as a line. */
export function histograms(
  canvas: HTMLCanvasElement,
  data: readonly number[],
  model: readonly number[],
  bins: readonly number[],
): void {
  const context = fresh(canvas);
  const at = scales(canvas, { x: [0, bins.length], y: [0, 1.1 * Math.max(...data, ...model, 1e-9)] });
  context.fillStyle = colour('soft');
  context.globalAlpha = 0.35;
  for (const [i, share] of data.entries())
    context.fillRect(at.x(i) + 0.5, at.y(share), at.x(1) - at.x(0) - 1, at.height - at.y(share));
  context.globalAlpha = 1;
  context.strokeStyle = colour('accent');
  context.lineWidth = 1.75;
  context.beginPath();
  for (const [i, share] of model.entries()) {
    context.lineTo(at.x(i), at.y(share));
    context.lineTo(at.x(i + 1), at.y(share));
  }
  context.stroke();
}
