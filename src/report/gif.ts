import type { Pixels } from './grid.ts';

/** A frame and how long it is shown, in milliseconds. GIF rounds this to hundredths of a second. */
export interface GifFrame {
  readonly pixels: Pixels;
  readonly delay: number;
}

/**
 * Frames of one size as an animated GIF (GIF89a) that repeats forever. Greys keep their 256 levels. Colours
 * are reduced to 6 × 7 × 6 levels of red, green and blue, with ordered 4 × 4 dithering.
 */
export function gif(frames: readonly GifFrame[]): Uint8Array {
  const { width, height, channels } = frames[0]!.pixels;
  const size = [width & 255, width >> 8, height & 255, height >> 8];
  const parts: Uint8Array[] = [
    Buffer.from('GIF89a', 'latin1'),
    Uint8Array.of(...size, 0xf7, 0, 0),
    channels === 1 ? greys() : colours(),
    Uint8Array.of(0x21, 0xff, 11),
    Buffer.from('NETSCAPE2.0', 'latin1'),
    Uint8Array.of(3, 1, 0, 0, 0),
  ];
  for (const { pixels, delay } of frames) {
    const hundredths = Math.min(65535, Math.round(delay / 10));
    parts.push(Uint8Array.of(0x21, 0xf9, 4, 4, hundredths & 255, hundredths >> 8, 0, 0));
    parts.push(Uint8Array.of(0x2c, 0, 0, 0, 0, ...size, 0, 8));
    for (const block of subBlocks(lzw(channels === 1 ? pixels.data : indices(pixels)))) parts.push(block);
  }
  return new Uint8Array(Buffer.concat([...parts, Uint8Array.of(0x3b)]));
}

const greys = () => Uint8Array.from({ length: 768 }, (_, i) => Math.floor(i / 3));

const LEVELS = [6, 7, 6] as const;

/** Red changes slowest and blue fastest; the last four entries stay black. */
function colours(): Uint8Array {
  const out = new Uint8Array(768);
  for (let i = 0; i < 6 * 7 * 6; i++) {
    const at = [Math.floor(i / 42), Math.floor(i / 6) % 7, i % 6];
    for (let c = 0; c < 3; c++) out[3 * i + c] = Math.round((255 * at[c]!) / (LEVELS[c]! - 1));
  }
  return out;
}

/** Bayer's matrix: thresholds in sixteenths. */
const BAYER = [0, 8, 2, 10, 12, 4, 14, 6, 3, 11, 1, 9, 15, 7, 13, 5];

function indices({ width, data }: Pixels): Uint8Array {
  return Uint8Array.from({ length: data.length / 3 }, (_, i) => {
    const threshold = (BAYER[4 * (Math.floor(i / width) % 4) + ((i % width) % 4)]! + 0.5) / 16;
    const level = (c: number) => Math.floor((data[3 * i + c]! / 255) * (LEVELS[c]! - 1) + threshold);
    return 42 * level(0) + 6 * level(1) + level(2);
  });
}

const [CLEAR, END] = [256, 257];

/** Lempel-Ziv-Welch compression as in GIF: codes of 9 to 12 bits, lowest bit first. */
function lzw(data: Uint8Array): Uint8Array {
  const out: number[] = [];
  let [bits, waiting, pending] = [9, 0, 0];
  const emit = (code: number) => {
    pending |= code << waiting;
    for (waiting += bits; waiting >= 8; waiting -= 8, pending >>>= 8) out.push(pending & 255);
  };
  const codes = new Map<number, number>();
  let next = END + 1;
  emit(CLEAR);
  let prefix = data[0]!;
  for (let i = 1; i < data.length; i++) {
    const pair = (prefix << 8) | data[i]!;
    const code = codes.get(pair);
    if (code !== undefined) {
      prefix = code;
      continue;
    }
    emit(prefix);
    prefix = data[i]!;
    if (next < 4096) {
      codes.set(pair, next);
      if (next++ === 1 << bits) bits++;
    } else {
      emit(CLEAR);
      codes.clear();
      [next, bits] = [END + 1, 9];
    }
  }
  emit(prefix);
  emit(END);
  if (waiting > 0) out.push(pending & 255);
  return Uint8Array.from(out);
}

function* subBlocks(bytes: Uint8Array): Generator<Uint8Array> {
  for (let at = 0; at < bytes.length; at += 255) {
    const piece = bytes.subarray(at, at + 255);
    yield Uint8Array.of(piece.length, ...piece);
  }
  yield Uint8Array.of(0);
}
