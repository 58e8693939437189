import { expect, test } from 'vitest';
import { categoryCode } from '../../src/data/units/category-code.ts';
import { fillUniform, key } from '../../src/random/index.ts';

/** Points between and around the code words, `[1000, m]`. */
function points(width: number): Float64Array[] {
  const u = new Float64Array(1000 * width);
  fillUniform(u, key(5, 'regions'), { step: 0, first: 0, size: width });
  return Array.from({ length: 1000 }, (_, i) =>
    u.slice(i * width, (i + 1) * width).map(value => 3 * value - 1.5),
  );
}

const sharesOf = (count: number) => {
  const raw = Array.from({ length: count }, (_, k) => 1 + (k % 3));
  const total = raw.reduce((sum, value) => sum + value, 0);
  return raw.map(value => value / total);
};

/** The part of points that lie in the region of their nearest word and in no other. */
function agreement(count: number): number {
  const code = categoryCode(sharesOf(count));
  const all = points(code.width);
  const right = all.filter(v => {
    const inside = Array.from({ length: count }, (_, k) =>
      code
        .region(k)
        .every(({ normal, least }) => Array.from(normal).reduce((sum, n, d) => sum + n * v[d]!, 0) >= least),
    );
    return inside.every((is, k) => is === (k === code.nearest(v)));
  });
  return right.length / all.length;
}

test.each([2, 3, 4, 8])('half-spaces of %i names hold the points that are nearest to each', count => {
  // Frequencies that multiply move corners of more than two words by a little.
  expect(agreement(count)).toBeGreaterThan(count <= 3 ? 0.9999 : 0.97);
});

test.each([5, 6, 7, 11, 17])('half-spaces of %i names cover what is nearest, but for far corners', count => {
  expect(agreement(count)).toBeGreaterThan(0.8);
});
