import fc from 'fast-check';
import { decode } from 'fast-png';
import { expect, test } from 'vitest';
import { imageGrid, strip } from '../../src/report/index.ts';

const layout = fc.record({
  count: fc.integer({ min: 1, max: 7 }),
  height: fc.integer({ min: 1, max: 4 }),
  width: fc.integer({ min: 1, max: 4 }),
  channels: fc.constantFrom(1, 3),
  columns: fc.integer({ min: 1, max: 4 }),
  padding: fc.integer({ min: 0, max: 3 }),
  scale: fc.integer({ min: 1, max: 3 }),
});

test('every pixel of every image is where the layout says, and all the rest is background', () => {
  fc.assert(
    fc.property(layout, ({ count, height, width, channels, columns, padding, scale }) => {
      const grey = (n: number) => (n * 37 + 1) % 250;
      const data = Float32Array.from({ length: count * height * width * channels }, (_, i) => grey(i) / 255);
      const shape = [count, height, width, channels];
      const png = decode(imageGrid({ data, shape }, { columns, padding, scale, background: 252 / 255 }));
      const [stepX, stepY] = [padding + scale * width, padding + scale * height];
      expect([png.width, png.height]).toEqual([
        padding + columns * stepX,
        padding + Math.ceil(count / columns) * stepY,
      ]);
      expect(png.channels).toBe(channels);
      for (let i = 0; i < png.data.length; i++) {
        const [pixel, c] = [Math.floor(i / channels), i % channels];
        const [x, y] = [(pixel % png.width) - padding, Math.floor(pixel / png.width) - padding];
        const n = Math.floor(y / stepY) * columns + Math.floor(x / stepX);
        const [u, v] = [Math.floor((x % stepX) / scale), Math.floor((y % stepY) / scale)];
        const inside = x >= 0 && y >= 0 && n < count && u < width && v < height;
        const expected = inside ? grey(((n * height + v) * width + u) * channels + c) : 252;
        if (png.data[i] !== expected) expect.fail(`pixel (${x}, ${y}) is ${png.data[i]}, not ${expected}`);
      }
    }),
    { numRuns: 60 },
  );
});

test('values are rounded to bytes and clamped to [0, 1]', () => {
  const data = Float32Array.of(-1, 0, 0.5, 1, 2, Number.NaN);
  const { data: bytes } = decode(imageGrid({ data, shape: [1, 1, 6] }, { padding: 0, scale: 1 }));
  expect([...bytes]).toEqual([0, 0, 128, 255, 255, 0]);
});

test('small images are enlarged to at most 64 pixels', () => {
  const { width, height } = decode(imageGrid({ data: new Float32Array(4 * 28 * 20), shape: [4, 28, 20] }));
  expect([width, height]).toEqual([2 + 2 * (2 * 20 + 2), 2 + 2 * (2 * 28 + 2)]);
});

test('a strip shows samples downwards and time to the right', () => {
  const frame = (time: number) => ({
    data: Float32Array.of(10, 20, 30).map(v => (v + time) / 255),
    shape: [3, 1, 1],
  });
  const { width, data } = decode(strip([0, 1, 2, 3].map(frame), { rows: 2, padding: 0, scale: 1 }));
  expect(width).toBe(4);
  expect([...data]).toEqual([10, 11, 12, 13, 20, 21, 22, 23]);
});

test('values that are not images, and invalid layouts, are refused', () => {
  const data = new Float32Array(12);
  expect(() => imageGrid({ data, shape: [3, 4] })).toThrow(/\[3, 4\].*\[N, H, W\]/);
  expect(() => imageGrid({ data, shape: [1, 2, 3, 2] })).toThrow(/C 1 or 3/);
  expect(() => imageGrid({ data, shape: [3, 2, 2] }, { columns: 0 })).toThrow(/columns/);
  expect(() => strip([])).toThrow(/no frames/);
  expect(() => strip([1, 2].map(side => ({ data: new Float32Array(side), shape: [1, 1, side] })))).toThrow(
    /agree/,
  );
});
