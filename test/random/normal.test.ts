import fc from 'fast-check';
import { expect, test } from 'vitest';
import { fillNormal, key } from '../../src/random/index.ts';
import { correlation, kolmogorov, mean, normalCdf } from './statistics.ts';

const draw = (rows: number, size: number, seed = 0, stream = 'normal', step = 0) => {
  const out = new Float32Array(rows * size);
  fillNormal(out, key(seed, stream), { step, size });
  return out;
};

test('the normal law of these tests has known values', () => {
  expect(normalCdf(0)).toBe(0.5);
  expect(normalCdf(1)).toBeCloseTo(0.8413447460685429, 14);
  expect(normalCdf(-4)).toBeCloseTo(3.167124183311992e-5, 15);
  expect(normalCdf(2.9999999) - normalCdf(3)).toBeCloseTo(0, 8);
});

// Row sizes that use one value, a pair, a cut block and many blocks of each call of the cipher.
test.each([1, 2, 3, 64])('rows of %i: the moments and the law are normal', size => {
  const n = Math.floor(400_000 / size) * size;
  const z = draw(n / size, size, 5);
  const within = (value: number, expected: number, variance: number) =>
    expect(Math.abs(value - expected)).toBeLessThan(4 * Math.sqrt(variance / n));
  within(mean(z), 0, 1);
  within(
    mean(z, x => x ** 2),
    1,
    2,
  );
  within(
    mean(z, x => x ** 3),
    0,
    15,
  );
  within(
    mean(z, x => x ** 4),
    3,
    96,
  );
  within(
    mean(z, x => x ** 6),
    15,
    10_170,
  );
  expect(kolmogorov(z, normalCdf)).toBeLessThan(1.95);
});

test('the tails beyond 3, 4 and 5 have their probabilities, on both sides', () => {
  const counts = new Map(
    [3, 4, 5].flatMap(edge => [
      [edge, 0],
      [-edge, 0],
    ]),
  );
  const rows = 2 ** 16;
  const repeats = 100;
  for (let step = 0; step < repeats; step++) {
    for (const z of draw(rows, 4, 9, 'tails', step)) {
      if (Math.abs(z) <= 3) continue;
      for (const edge of counts.keys())
        if (edge > 0 ? z > edge : z < edge) counts.set(edge, counts.get(edge)! + 1);
    }
  }
  for (const [edge, count] of counts) {
    const expected = normalCdf(-Math.abs(edge)) * rows * repeats * 4;
    expect(Math.abs(count - expected), `beyond ${edge}: ${count} for ${expected}`).toBeLessThan(
      4 * Math.sqrt(expected),
    );
  }
});

test('radius and angle are independent: squares of a pair and of the two pairs of a block do not correlate', () => {
  const z = draw(100_000, 4, 3);
  const column = (j: number) =>
    Float64Array.from({ length: 100_000 }, (_, i) => (z[4 * i + j]! ** 2 - 1) / Math.SQRT2);
  for (const [a, b] of [
    [0, 1],
    [0, 2],
    [1, 3],
    [2, 3],
  ] as const) {
    expect(Math.abs(correlation(column(a), column(b)))).toBeLessThan(4);
  }
});

test('neighbouring seeds, streams, steps, samples and values do not correlate', () => {
  const rows = 50_000;
  const base = draw(rows, 2, 7, 'a', 12);
  const others = {
    seed: draw(rows, 2, 8, 'a', 12),
    'high bits of the seed': draw(rows, 2, 7 + 2 ** 32, 'a', 12),
    stream: draw(rows, 2, 7, 'b', 12),
    step: draw(rows, 2, 7, 'a', 13),
    'high bits of the step': draw(rows, 2, 7, 'a', 12 + 2 ** 32),
    'sample, shifted by one': base.slice(2),
    'value, shifted by one': base.slice(1),
  };
  for (const [name, other] of Object.entries(others)) {
    const partner = base.subarray(0, other.length);
    expect(Math.abs(correlation(partner, other)), name).toBeLessThan(4);
    const square = (values: Float32Array) => Float64Array.from(values, x => (x * x - 1) / Math.SQRT2);
    expect(Math.abs(correlation(square(partner), square(other))), `${name}, squares`).toBeLessThan(4);
  }
});

test('a row depends only on its sample: any batch, any order, any shorter row', () => {
  const [total, size] = [200, 7];
  const all = draw(total, size);
  const arbitrary = fc.tuple(
    fc.array(fc.integer({ min: 0, max: total - 1 }), { minLength: 1, maxLength: 50 }),
    fc.integer({ min: 1, max: size }),
    fc.integer({ min: 0, max: total - 50 }),
  );
  fc.assert(
    fc.property(arbitrary, ([chosen, width, first]) => {
      const wanted = (sample: number) => [...all.subarray(sample * size, sample * size + width)];
      const out = new Float32Array(chosen.length * width);
      fillNormal(out, key(0, 'normal'), { step: 0, size: width, samples: Uint32Array.from(chosen) });
      expect([...out]).toEqual(chosen.flatMap(wanted));
      fillNormal(out, key(0, 'normal'), { step: 0, size: width, first });
      expect([...out]).toEqual(chosen.flatMap((_, i) => wanted(first + i)));
    }),
  );
});

test('the bits are fixed: a change would break every stored run', () => {
  const bits = new Uint32Array(draw(2, 3, 2024, 'pinned', 5).buffer);
  expect([...bits].map(word => word.toString(16))).toEqual([
    'bfb14e93',
    'c011f8fc',
    '3f9754f4',
    '4008c0d2',
    '3e8817f8',
    'be70b2f0',
  ]);
});

test.each([
  ['a negative seed', () => key(-1, 'a'), /seed.*got -1/],
  ['a fractional seed', () => key(0.5, 'a'), /seed/],
  [
    'a row size of zero',
    () => fillNormal(new Float32Array(4), key(0, 'a'), { step: 0, size: 0 }),
    /row size/,
  ],
  [
    'broken rows',
    () => fillNormal(new Float32Array(5), key(0, 'a'), { step: 0, size: 2 }),
    /got 5; expected a multiple of 2/,
  ],
  ['a negative step', () => fillNormal(new Float32Array(4), key(0, 'a'), { step: -1, size: 2 }), /step/],
  [
    'a sample too far',
    () => fillNormal(new Float32Array(4), key(0, 'a'), { step: 0, size: 2, first: 2 ** 32 - 1 }),
    /sample/,
  ],
  [
    'too few samples',
    () => fillNormal(new Float32Array(4), key(0, 'a'), { step: 0, size: 2, samples: new Uint32Array(1) }),
    /one sample/,
  ],
])('%s is refused', (_, act, message) => {
  expect(act).toThrow(message);
});
