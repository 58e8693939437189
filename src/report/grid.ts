import { encode } from 'fast-png';
import { usage } from '../errors.ts';
import { type HostTensor, sizeOf } from '../tensor/types.ts';

/** The layout of images in a grid. */
export interface GridOptions {
  /** Images in a row; default ⌈√N⌉. */
  readonly columns?: number;
  /** Pixels between and around the images; default 2. */
  readonly padding?: number;
  /**
   * Side of one image pixel, in pixels of the picture; by default as large as possible with images of at most
   * 64 pixels.
   */
  readonly scale?: number;
  /** Grey between the images, 0 black to 1 white; default 1. */
  readonly background?: number;
}

/** 8-bit pixels, row-major, channels last. */
export interface Pixels {
  readonly width: number;
  readonly height: number;
  readonly channels: 1 | 3;
  readonly data: Uint8Array;
}

/**
 * Images `[N, H, W]` or `[N, H, W, C]` (C 1 or 3) with values in [0, 1] as the tiles of one PNG, row by row.
 * Values outside are clamped and NaN is black; v becomes ⌊255·v + ½⌋. The upper left pixel of image (r, c) is
 * at (padding + c·(scale·W + padding), padding + r·(scale·H + padding)).
 */
export const imageGrid = (images: HostTensor, options: GridOptions = {}): Uint8Array =>
  toPng(tile(images, options));

/** The layout of `filmStrip`. */
export interface StripOptions extends Omit<GridOptions, 'columns'> {
  /** Number of samples to show, one in each row; default the first 8. */
  readonly rows?: number;
}

/**
 * Samples over time: row i shows image i of every frame, from left to right. `frames[k]` is `[N, H, W]` or
 * `[N, H, W, C]`.
 */
export function strip(
  frames: readonly HostTensor[],
  { rows = 8, ...options }: StripOptions = {},
): Uint8Array {
  const first = sameShapes(frames, 'strip');
  const [count = 0, ...item] = first.shape;
  const [sampleCount, size] = [Math.min(rows, count), sizeOf(item)];
  const data = new Float32Array(sampleCount * frames.length * size);
  for (let i = 0; i < sampleCount; i++) {
    frames.forEach((frame, k) => {
      data.set(frame.data.subarray(i * size, (i + 1) * size), (i * frames.length + k) * size);
    });
  }
  return imageGrid(
    { data, shape: [sampleCount * frames.length, ...item] },
    { ...options, columns: frames.length },
  );
}

/** Checks that all frames have one shape and returns the first. */
export function sameShapes(frames: readonly HostTensor[], where: string): HostTensor {
  const [first] = frames;
  const shapes = frames.map(frame => frame.shape.join(', '));
  const other = shapes.find(shape => shape !== shapes[0]);
  if (first && other === undefined) return first;
  const shapeText = first ? `[${shapes[0]}] and [${other}]` : 'no frames';
  throw usage('Frames must agree', {
    where,
    got: shapeText,
    expected: 'one frame or more, all of one shape',
  });
}

/** The grid as pixels; see `imageGrid`. */
export function tile({ data, shape }: HostTensor, options: GridOptions): Pixels {
  const [count = 0, height = 0, width = 0, channels = 1] = shape;
  checkImages(data.length, shape);
  const { columns, padding, scale, background } = settings(options, count, Math.max(height, width));
  const [stepY, stepX] = [scale * height + padding, scale * width + padding];
  const total = { width: padding + columns * stepX, height: padding + Math.ceil(count / columns) * stepY };
  const out = new Uint8Array(total.width * total.height * channels).fill(byte(background));
  for (let n = 0; n < count; n++) {
    const top = padding + Math.floor(n / columns) * stepY;
    const left = padding + (n % columns) * stepX;
    for (let y = 0; y < scale * height; y++) {
      for (let x = 0; x < scale * width; x++) {
        const from = ((n * height + Math.floor(y / scale)) * width + Math.floor(x / scale)) * channels;
        const to = ((top + y) * total.width + left + x) * channels;
        for (let c = 0; c < channels; c++) out[to + c] = byte(data[from + c]!);
      }
    }
  }
  return { ...total, channels: channels as 1 | 3, data: out };
}

export const toPng = (pixels: Pixels): Uint8Array => encode({ ...pixels, depth: 8 }, { zlib: { level: 9 } });

/** NaN becomes black, since comparisons with it are false. */
const byte = (value: number) => (value > 0 ? Math.floor(255 * Math.min(value, 1) + 0.5) : 0);

function settings(options: GridOptions, count: number, side: number): Required<GridOptions> {
  const { columns = Math.ceil(Math.sqrt(count)), padding = 2, background = 1 } = options;
  const { scale = Math.max(1, Math.floor(64 / side)) } = options;
  const whole = (value: number, least: number) => Number.isInteger(value) && value >= least;
  if (whole(columns, 1) && whole(padding, 0) && whole(scale, 1))
    return { columns, padding, scale, background };
  throw usage('Bad layout of the grid', {
    where: 'imageGrid',
    got: JSON.stringify({ columns, padding, scale }),
    expected: 'whole numbers, columns and scale at least 1, padding at least 0',
  });
}

function checkImages(length: number, shape: readonly number[]) {
  const channels = shape[3] ?? 1;
  const fits = (shape.length === 3 || shape.length === 4) && (channels === 1 || channels === 3);
  if (fits && length > 0 && sizeOf(shape) === length) return;
  throw usage('These are not images', {
    where: 'imageGrid',
    got: `${length} values of shape [${shape.join(', ')}]`,
    expected: 'shape [N, H, W] or [N, H, W, C] with C 1 or 3',
  });
}
