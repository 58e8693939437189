import { expect, test } from 'vitest';
import { boxMuller, philox } from './reference.ts';

const hex = (text: string) => text.split(' ').map(word => Number.parseInt(word, 16));

test.each([
  ['00000000 00000000 00000000 00000000', '00000000 00000000', '6627e8d5 e169c58d bc57ac4c 9b00dbd8'],
  ['ffffffff ffffffff ffffffff ffffffff', 'ffffffff ffffffff', '408f276d 41c83b0e a20bc7c6 6d5451fd'],
  ['243f6a88 85a308d3 13198a2e 03707344', 'a4093822 299f31d0', 'd16cfe09 94fdcceb 5001e420 24126ea1'],
])('Philox4x32-10 of counter %s and key %s is the known answer of Random123', (counter, key, answer) => {
  expect(philox(hex(counter), hex(key))).toEqual(hex(answer));
});

test('Box-Muller in float32 equals that in float64 to 1e-6, up to the ends of the range', () => {
  const edges = [0, 1, 2 ** 30, 2 ** 31, 2 ** 32 - 1];
  const pairs = edges.flatMap(a => edges.map(b => [a, b] as const));
  for (let i = 0; i < 200_000; i++) {
    const [a, b] = philox([i, 0, 0, 0], [1, 2]);
    pairs.push([i % 4 ? a : a >>> (i % 32), b]);
  }
  let [worst, worstInside, farthest] = [0, 0, 0];
  for (const [a, b] of pairs) {
    const u = Math.fround(Math.fround(a >>> 1) + 0.5) / 2 ** 31;
    const r = Math.sqrt(-2 * Math.log(u)) * (b >>> 31 ? -1 : 1);
    const x = ((Math.PI / 4) * (b << 2)) / 2 ** 31;
    const theta = (b >>> 30) & 1 ? Math.PI / 2 - x : x;
    const [z0, z1] = boxMuller(a, b);
    const error = Math.max(Math.abs(z0 - r * Math.cos(theta)), Math.abs(z1 - r * Math.sin(theta)));
    worst = Math.max(worst, error);
    if (Math.abs(r) < 2) worstInside = Math.max(worstInside, error);
    farthest = Math.max(farthest, Math.abs(z0), Math.abs(z1));
  }
  expect(worst).toBeLessThan(1e-6);
  expect(worstInside).toBeLessThan(4e-7);
  expect(farthest).toBeGreaterThan(6.6);
});
