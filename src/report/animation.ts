import { crc32 } from 'node:zlib';
import { usage } from '../errors.ts';
import type { HostTensor } from '../tensor/types.ts';
import { type GifFrame, gif } from './gif.ts';
import { type GridOptions, type Pixels, sameShapes, tile, toPng } from './grid.ts';

/** The layout and timing of an animation. */
export interface AnimationOptions extends GridOptions {
  /** How long each frame is shown, in milliseconds; default 80. */
  readonly delay?: number;
  /** How long the last frame is shown, in milliseconds; default 1500. */
  readonly hold?: number;
}

/**
 * Grids of images (`imageGrid`) one after another, as an animated PNG that repeats forever. A viewer without
 * animation shows the first frame. Format: Animated PNG, in PNG third edition (W3C), §11.3.6.
 */
export function animation(frames: readonly HostTensor[], options: AnimationOptions = {}): Uint8Array {
  const timedFrames = timed(frames, options, 'animation');
  const pictures = timedFrames.map(({ pixels }) => pixels);
  const files = pictures.map(picture => Buffer.from(toPng(picture)));
  const head = files[0]!.subarray(0, headerEnd);
  const parts = [head, chunk('acTL', words(frames.length, 0))];
  let sequence = 0;
  files.forEach((file, i) => {
    parts.push(chunk('fcTL', frameControl(sequence++, pictures[i]!, timedFrames[i]!.delay)));
    for (const body of imageData(file)) {
      parts.push(i === 0 ? chunk('IDAT', body) : chunk('fdAT', Buffer.concat([words(sequence++), body])));
    }
  });
  return new Uint8Array(Buffer.concat([...parts, chunk('IEND', Buffer.alloc(0))]));
}

/**
 * The same as an animated GIF, which more programs can show. Greys keep their levels; colours are dithered to
 * 252.
 */
export const animatedGif = (frames: readonly HostTensor[], options: AnimationOptions = {}): Uint8Array =>
  gif(timed(frames, options, 'animatedGif'));

/** Each grid with the milliseconds for which it is shown. */
function timed(frames: readonly HostTensor[], options: AnimationOptions, where: string): GifFrame[] {
  sameShapes(frames, where);
  const { delay = 80, hold = 1500, ...grid } = options;
  if (![delay, hold].every(ms => Number.isInteger(ms) && ms >= 0 && ms <= 65535)) {
    const expected = 'whole milliseconds from 0 to 65535';
    throw usage('Bad delay', { where, got: `delay ${delay}, hold ${hold}`, expected });
  }
  const last = frames.length - 1;
  return frames.map((frame, i) => ({ pixels: tile(frame, grid), delay: i === last ? hold : delay }));
}

/** Signature (8 bytes) and IHDR (4 length, 4 type, 13 body, 4 checksum). */
const headerEnd = 33;

/**
 * Fields: sequence, width, height, x, y (4 bytes each); delay numerator and denominator (2 each); dispose and
 * blend, both none.
 */
function frameControl(sequence: number, { width, height }: Pixels, delay: number): Buffer {
  const tail = Buffer.alloc(6);
  tail.writeUInt16BE(delay, 0);
  tail.writeUInt16BE(1000, 2);
  return Buffer.concat([words(sequence, width, height, 0, 0), tail]);
}

/** The bodies of the IDAT chunks of a PNG file. */
function* imageData(file: Buffer): Generator<Buffer> {
  for (let at = headerEnd; at < file.length; at += 12 + file.readUInt32BE(at)) {
    const body = file.subarray(at + 8, at + 8 + file.readUInt32BE(at));
    if (file.toString('latin1', at + 4, at + 8) === 'IDAT') yield body;
  }
}

function chunk(type: string, body: Buffer): Buffer {
  const content = Buffer.concat([Buffer.from(type, 'latin1'), body]);
  return Buffer.concat([words(body.length), content, words(crc32(content))]);
}

function words(...values: readonly number[]): Buffer {
  const out = Buffer.alloc(4 * values.length);
  values.forEach((value, i) => {
    out.writeUInt32BE(value, 4 * i);
  });
  return out;
}
