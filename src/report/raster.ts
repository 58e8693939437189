import { encode } from 'fast-png';
import type { HostTensor } from '../tensor/types.ts';
import { type Rgb, ramp, rgb } from './color.ts';
import { densityStops } from './style.ts';
import type { Window } from './window.ts';

/** Straight-alpha pixels `[side, side, 4]`, the first row at the top. */
export interface Raster {
  readonly side: number;
  readonly data: Uint8Array;
}

/** The colours of dots: `colors[of[i]]` for point i. Without `of`, all points have the first colour. */
export interface Paint {
  readonly colors: readonly string[];
  readonly of?: ArrayLike<number>;
}

/**
 * Translucent round dots, one for each point. Where k dots of opacity a overlap, the opacity is 1 − (1−a)^k
 * and the colour is their mean: so no class hides another by being drawn later. The opacity falls as
 * n^(−1/2), so that dense regions stay readable. Ten thousand dots are one small picture instead of ten
 * thousand elements. Points outside the window and points that are not finite are not drawn.
 */
export function scatterRaster(
  xs: Float64Array,
  ys: Float64Array,
  view: Window,
  { colors, of }: Paint,
  side: number,
): Raster {
  const radius = (side / 230) * Math.min(1.7, Math.max(0.95, 5 / xs.length ** 0.18));
  const alpha = Math.min(0.85, 30 / Math.sqrt(xs.length));
  const layer: Layer = {
    side,
    clear: new Float32Array(side * side).fill(1),
    color: new Float32Array(3 * side * side),
    weight: new Float32Array(side * side),
  };
  const palette = colors.map(rgb);
  for (let i = 0; i < xs.length; i++) {
    const px = (side * (xs[i]! - view.x[0])) / (view.x[1] - view.x[0]);
    const py = (side * (view.y[1] - ys[i]!)) / (view.y[1] - view.y[0]);
    if (px >= 0 && px <= side && py >= 0 && py <= side)
      dot(layer, px, py, { radius, alpha, color: palette[of?.[i] ?? 0]! });
  }
  return { side, data: pixels(layer) };
}

/**
 * What has been painted so far: the share of light that passes each pixel, and the sums for the mean of its
 * colours.
 */
interface Layer {
  readonly side: number;
  readonly clear: Float32Array;
  readonly color: Float32Array;
  readonly weight: Float32Array;
}

function pixels({ side, clear, color, weight }: Layer): Uint8Array {
  const data = new Uint8Array(side * side * 4);
  clear.forEach((light, i) => {
    if (light === 1) return;
    const mean = (c: number) => Math.round(color[3 * i + c]! / weight[i]!);
    data.set([mean(0), mean(1), mean(2), Math.round(255 * (1 - light))], 4 * i);
  });
  return data;
}

interface Dot {
  readonly radius: number;
  readonly alpha: number;
  readonly color: Rgb;
}

function dot(
  { side, clear, color: sum, weight }: Layer,
  px: number,
  py: number,
  { radius, alpha, color }: Dot,
) {
  const reach = radius + 1;
  for (let row = Math.max(0, Math.floor(py - reach)); row < Math.min(side, py + reach); row++) {
    for (let col = Math.max(0, Math.floor(px - reach)); col < Math.min(side, px + reach); col++) {
      const distance = Math.hypot(col + 0.5 - px, row + 0.5 - py);
      const cover = Math.min(1, Math.max(0, radius + 0.5 - distance));
      if (cover === 0) continue;
      const i = row * side + col;
      clear[i]! *= 1 - alpha * cover;
      weight[i]! += cover;
      for (let c = 0; c < 3; c++) sum[3 * i + c]! += cover * color[c]!;
    }
  }
}

/**
 * A heat map of `values [ny, nx]`, with row 0 at the bottom. The colour shows value / greatest value. Between
 * the centres of the cells the value (not the colour) is interpolated bilinearly, so that the map is smooth
 * in every viewer.
 */
export function heatRaster({ data: values, shape }: HostTensor, greatest: number, side: number): Raster {
  const [ny, nx] = shape as readonly [number, number];
  const color = ramp(densityStops);
  const columns = Array.from({ length: side }, (_, i) => between(i, side, nx));
  const data = new Uint8Array(side * side * 4);
  for (let row = 0; row < side; row++) {
    const [low, high, v] = between(side - 1 - row, side, ny);
    for (let col = 0; col < side; col++) {
      const [left, right, u] = columns[col]!;
      const bottom = values[low * nx + left]! * (1 - u) + values[low * nx + right]! * u;
      const top = values[high * nx + left]! * (1 - u) + values[high * nx + right]! * u;
      data.set([...color((bottom * (1 - v) + top * v) / greatest), 255], 4 * (row * side + col));
    }
  }
  return { side, data };
}

/**
 * The cells whose centres are before and after pixel i of `side`, and the position of the pixel between them,
 * 0 to 1.
 */
function between(i: number, side: number, cells: number): readonly [number, number, number] {
  const place = Math.min(cells - 1, Math.max(0, ((i + 0.5) / side) * cells - 0.5));
  const first = Math.floor(place);
  return [first, Math.min(first + 1, cells - 1), place - first];
}

export function dataUrl({ side, data }: Raster): string {
  const png = encode({ width: side, height: side, data, channels: 4, depth: 8 }, { zlib: { level: 9 } });
  return `data:image/png;base64,${Buffer.from(png).toString('base64')}`;
}
