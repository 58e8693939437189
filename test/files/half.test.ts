import { describe, expect, test } from 'vitest';
import { fromBrain, fromHalf, toBrain, toHalf } from '../../src/files/half.ts';

describe.each([
  { name: 'binary16', from: fromHalf, to: toHalf, infinity: 0x7c00 },
  { name: 'bfloat16', from: fromBrain, to: toBrain, infinity: 0x7f80 },
])('$name', ({ from, to, infinity }) => {
  const finite = Array.from({ length: infinity }, (_, bits) => bits);

  test('every finite bit pattern of either sign comes back', () => {
    for (const bits of finite) {
      if (to(from(bits)) !== bits) expect.fail(`${bits} became ${to(from(bits))}`);
      if (to(from(bits | 0x8000)) !== (bits | 0x8000)) expect.fail(`-${bits}`);
    }
  });

  test('a value between two neighbours is rounded to the nearer one, a tie to the even one', () => {
    for (const bits of finite.slice(0, -1)) {
      const [low, high] = [from(bits), from(bits + 1)];
      const middle = Math.fround((low + high) / 2);
      expect(high).toBeGreaterThan(low);
      if (middle === low || middle === high) continue;
      if (to(middle) !== bits + (bits % 2)) expect.fail(`tie above ${bits}`);
      if (to(Math.fround(low + (high - low) * 0.25)) !== bits) expect.fail(`quarter above ${bits}`);
    }
  });

  test('infinities and NaN', () => {
    expect(from(infinity)).toBe(Infinity);
    expect(to(Infinity)).toBe(infinity);
    expect(to(-Infinity)).toBe(infinity | 0x8000);
    expect(to(3.4e38)).toBe(infinity);
    expect(from(to(Number.NaN))).toBeNaN();
  });
});

test('known values of binary16', () => {
  expect([0x3c00, 0x4000, 0xc000, 0x7bff, 0x0001, 0x3555].map(fromHalf)).toEqual([
    1,
    2,
    -2,
    65504,
    2 ** -24,
    0.333251953125,
  ]);
});
