import fc from 'fast-check';
import { decode } from 'fast-png';
import { expect, test } from 'vitest';
import { animatedGif, imageGrid } from '../../src/report/index.ts';
import type { PlainTensor } from '../../src/tensor/types.ts';

interface Shown {
  readonly delay: number;
  /** Red, green and blue of each pixel. */
  readonly rgb: readonly number[];
}

/** A reader of GIF according to its specification: one global table, whole frames, no interlacing. */
function readGif(file: Uint8Array) {
  expect(Buffer.from(file.subarray(0, 6)).toString()).toBe('GIF89a');
  const [width, height] = [file[6]! | (file[7]! << 8), file[8]! | (file[9]! << 8)];
  const table = file.subarray(13, 13 + 768);
  const frames: Shown[] = [];
  let [at, delay] = [13 + 768, 0];
  const blocks = () => {
    const all: number[] = [];
    for (; file[at] !== 0; at += 1 + file[at]!) all.push(...file.subarray(at + 1, at + 1 + file[at]!));
    at++;
    return all;
  };
  while (file[at] !== 0x3b) {
    if (file[at] === 0x21) {
      const kind = file[at + 1];
      at += 2;
      const content = blocks();
      if (kind === 0xf9) delay = 10 * (content[1]! | (content[2]! << 8));
    } else {
      expect(file[at]).toBe(0x2c);
      const least = file[at + 10]!;
      at += 11;
      const pixels = unpack(blocks(), least);
      expect(pixels.length).toBe(width * height);
      frames.push({ delay, rgb: pixels.flatMap(i => [...table.subarray(3 * i, 3 * i + 3)]) });
    }
  }
  expect(at, 'nothing after the trailer').toBe(file.length - 1);
  return { width, height, frames };
}

function unpack(bytes: readonly number[], least: number): number[] {
  const clear = 1 << least;
  const out: number[] = [];
  let table: number[][] = [];
  let [bits, place] = [least + 1, 0];
  let previous: number[] | undefined;
  const read = () => {
    let code = 0;
    for (let i = 0; i < bits; i++, place++) code |= ((bytes[place >> 3]! >> (place & 7)) & 1) << i;
    return code;
  };
  for (;;) {
    const code = read();
    if (code === clear + 1) return out;
    if (code === clear) {
      table = Array.from({ length: clear + 2 }, (_, i) => [i]);
      [bits, previous] = [least + 1, undefined];
      continue;
    }
    const entry = table[code] ?? [...previous!, previous![0]!];
    out.push(...entry);
    if (previous && table.length < 4096) table.push([...previous, entry[0]!]);
    if (table.length === 1 << bits && bits < 12) bits++;
    previous = entry;
  }
}

const images = (shape: readonly number[], seed: number, levels: number): PlainTensor => {
  const size = shape.reduce((a, b) => a * b);
  const data = Float32Array.from({ length: size }, (_, i) => {
    const x = Math.sin(12.9898 * (i + 1) + seed) * 43758.5453;
    return Math.floor((x - Math.floor(x)) * levels) / levels;
  });
  return { data, shape };
};

test('greys equal those in the PNG, with codes of any length', () => {
  fc.assert(
    fc.property(
      fc.integer({ min: 1, max: 40 }),
      fc.integer({ min: 1, max: 60 }),
      fc.nat({ max: 99 }),
      fc.constantFrom(1, 2, 256),
      (height, width, seed, levels) => {
        const frames = [0, 1].map(k => images([3, height, width], seed + k, levels));
        const movie = readGif(animatedGif(frames, { scale: 1, delay: 50, hold: 900 }));
        expect(movie.frames.map(({ delay }) => delay)).toEqual([50, 900]);
        movie.frames.forEach(({ rgb }, k) => {
          const { data } = decode(imageGrid(frames[k]!, { scale: 1 }));
          expect(rgb).toEqual([...data].flatMap(v => [v, v, v]));
        });
      },
    ),
    { numRuns: 30 },
  );
});

test('colours are right in the mean: dithering is off by at most one level, and by nothing over a flat area', () => {
  const flat = (r: number, g: number, b: number): PlainTensor => ({
    data: Float32Array.from({ length: 32 * 32 * 3 }, (_, i) => [r, g, b][i % 3]!),
    shape: [1, 32, 32, 3],
  });
  fc.assert(
    fc.property(fc.nat({ max: 255 }), fc.nat({ max: 255 }), fc.nat({ max: 255 }), (...levels) => {
      const [r, g, b] = levels.map(level => level / 255) as [number, number, number];
      const { frames } = readGif(animatedGif([flat(r, g, b)], { scale: 1, padding: 0 }));
      const { rgb } = frames[0]!;
      levels.forEach((level, c) => {
        const values = rgb.filter((_, i) => i % 3 === c);
        const mean = values.reduce((sum, value) => sum + value, 0) / values.length;
        expect(Math.abs(mean - level)).toBeLessThanOrEqual(255 / 5 / 32 + 1);
        expect(Math.max(...values.map(value => Math.abs(value - level)))).toBeLessThanOrEqual(52);
      });
    }),
    { numRuns: 30 },
  );
});
