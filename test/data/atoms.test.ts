import { describe, expect, test } from 'vitest';
import { withEnds } from '../../src/data/fit-bounds.ts';
import { atomsOf } from '../../src/data/units/atoms.ts';
import { cellMap } from '../../src/data/units/cell-map.ts';
import { fitTable } from '../../src/data/units/fit-table.ts';
import { makeGrid } from '../../src/data/units/grid.ts';
import { normalCdf } from '../../src/math/normal.ts';
import { fillNormal, fillUniform, key } from '../../src/random/index.ts';

const margin = { weights: [1], means: [1], stds: [2] };
const tenths = { step: 1, decimals: 1, offset: 0 };
const atoms = { low: 3, high: 2, unit: 0.1 };
const cells = {
  'real numbers': { low: 0, high: 4, atoms },
  'a grid': { low: 0, high: 4, atoms, grid: tenths },
};

/** n days, `share` of them dry, the rest with an exponential amount of rain in tenths. */
function rain(n: number, share: number): Float64Array {
  const u = new Float64Array(2 * n);
  fillUniform(u, key(1, 'rain'), { step: 0, first: 0, size: 2 * n });
  return Float64Array.from({ length: n }, (_, i) =>
    u[2 * i]! < share ? 0 : Math.max(0.1, Math.round(-50 * Math.log(u[2 * i + 1]!)) / 10),
  );
}

describe.each(Object.entries(cells))('an end of %s that many rows share', (_name, json) => {
  const map = cellMap({ kind: 'number', margin, ...json });
  const width = map.grid?.width ?? 0;
  const point = new Float64Array(1);

  test('is spread beyond the end, and comes back', () => {
    for (const [value, from, to] of [
      [0, -3, width],
      [4, 4, 6 + width],
    ] as const)
      for (const u of [0, 0.25, 0.5, 0.999_999]) {
        map.spread(value, [u], point);
        expect(point[0]).toBeCloseTo(from + u * (to - from), 12);
        expect(map.settle(point)).toBe(value);
      }
    map.spread(1.5, [0.5], point);
    expect(map.settle(point)).toBe(1.5);
    expect(map.settle(Float64Array.of(-70))).toBe(0);
    expect(map.settle(Float64Array.of(70))).toBe(4);
  });

  test('has the probability of all its points, in units of the column', () => {
    const n = 2000;
    let mean = 0;
    for (let i = 0; i < n; i++) {
      map.spread(0, [(i + 0.5) / n], point);
      const z = (point[0]! - 1) / 2;
      const logDensity = -0.5 * z * z - Math.log(2 * Math.sqrt(2 * Math.PI));
      mean += Math.exp(logDensity + map.logCell(0, point)) / n;
    }
    expect(mean * atoms.unit).toBeCloseTo(normalCdf((width - 1) / 2) - normalCdf(-2), 5);
    expect(map.logCell(1.5, point)).toBe(0);
  });
});

test('the density beyond the end is as high as over the nearest quarter of the other values', () => {
  const column = rain(4000, 0.57);
  const inner = column.filter(value => value > 0).sort();
  const dry = column.length - inner.length;
  const { low, high, unit } = atomsOf(column, { low: 0, grid: makeGrid(tenths) })!;
  const quarter = inner[Math.floor(inner.length / 4)]!;
  expect(dry / low!).toBeCloseTo((0.25 * inner.length) / quarter, 9);
  expect([high, unit]).toEqual([undefined, 0.1]);
});

test('ends that few rows share, and columns of few values, have none', () => {
  expect(atomsOf(rain(1000, 0.02), { low: 0 })).toBeUndefined();
  const few = Float64Array.from({ length: 1000 }, (_, i) => (i % 3 ? 0 : i % 20));
  expect(atomsOf(few, { low: 0, grid: makeGrid({ step: 1, decimals: 0, offset: 0 }) })).toBeUndefined();
});

test('a Gaussian with bent margins draws the share of the end', () => {
  const values = rain(4000, 0.57);
  const shareOf = (of: Float64Array) => of.filter(value => value === 0).length / of.length;
  const [bounded] = withEnds({ values, kinds: [{}] });
  const drawn = [bounded!, { low: 0 }].map(kind => {
    const map = fitTable({ values, kinds: [kind] }, { margins: true, shrinkage: 0 }, 0);
    const z = new Float32Array(20_000);
    fillNormal(z, key(2, 'test'), { step: 0, first: 0, size: z.length });
    return shareOf(map.settle(map.inverse(z, new Float64Array(z.length))));
  });
  expect(Math.abs(drawn[0]! - shareOf(values))).toBeLessThan(0.03);
  // A bound without an atom is a mirror: no sample is at the end itself.
  expect(drawn[1]).toBe(0);
});
