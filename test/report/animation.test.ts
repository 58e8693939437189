import { decode, decodeApng } from 'fast-png';
import { expect, test } from 'vitest';
import { animation, imageGrid } from '../../src/report/index.ts';

const frame = (seed: number) => ({
  data: Float32Array.from({ length: 2 * 5 * 4 * 3 }, (_, i) => Math.abs(Math.sin(seed * 100 + i))),
  shape: [2, 5, 4, 3],
});
const frames = [1, 2, 3].map(frame);

test('each frame of the animation is its grid, and is shown for the requested time', () => {
  const movie = decodeApng(animation(frames, { delay: 40, hold: 900, scale: 2 }), { checkCrc: true });
  expect([movie.numberOfFrames, movie.numberOfPlays]).toEqual([3, 0]);
  expect(movie.frames.map(f => f.delayNumber / f.delayDenominator)).toEqual([0.04, 0.04, 0.9]);
  movie.frames.forEach((shown, i) => {
    expect(shown.data).toEqual(decode(imageGrid(frames[i]!, { scale: 2 })).data);
  });
});

test('a viewer without animation sees the first frame', () => {
  expect(decode(animation(frames)).data).toEqual(decode(imageGrid(frames[0]!)).data);
});

test('delays that the format cannot store are refused', () => {
  expect(() => animation(frames, { delay: 70_000 })).toThrow(/65535/);
});
