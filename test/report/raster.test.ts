import fc from 'fast-check';
import { expect, test } from 'vitest';
import { ramp, rgb } from '../../src/report/color.ts';
import { gridPoints } from '../../src/report/index.ts';
import { heatRaster, type Raster, scatterRaster } from '../../src/report/raster.ts';
import { densityStops } from '../../src/report/style.ts';
import { peak } from './support.ts';

const side = 120;
const alpha = ({ data }: Raster, row: number, col: number) => data[4 * (row * side + col) + 3]!;
const brightness = ({ data }: Raster, pixel: number) =>
  data[4 * pixel]! + data[4 * pixel + 1]! + data[4 * pixel + 2]!;
const place = fc.double({ min: 0.1, max: 0.9, noNaN: true });

test('the peak of the density is darkest at its position: x to the right, y upwards', () => {
  fc.assert(
    fc.property(place, place, (u, v) => {
      const [x, y] = [[-2, 4] as const, [10, 13] as const];
      const [nx, ny] = [40, 30];
      const [px, py] = [x[0] + u * (x[1] - x[0]), y[0] + v * (y[1] - y[0])];
      const { data: points } = gridPoints({ x, y, nx, ny });
      const density = (i: number) =>
        Math.exp(-20 * (((points[2 * i]! - px) / 6) ** 2 + ((points[2 * i + 1]! - py) / 3) ** 2));
      const values = Float32Array.from({ length: nx * ny }, (_, i) => density(i));
      const raster = heatRaster({ data: values, shape: [ny, nx] }, 1, side);
      const darkest = peak(side * side, i => -brightness(raster, i));
      expect(Math.abs((darkest % side) - u * side)).toBeLessThanOrEqual(0.75 * (side / nx) + 1);
      expect(Math.abs(Math.floor(darkest / side) - (1 - v) * side)).toBeLessThanOrEqual(
        0.75 * (side / ny) + 1,
      );
    }),
    { numRuns: 40 },
  );
});

test('a density that is linear in x and y is drawn exactly: the value is interpolated', () => {
  const { data: points } = gridPoints({ x: [0, 1], y: [0, 1], nx: 8, ny: 8 });
  const values = Float32Array.from(
    { length: 64 },
    (_, i) => 0.5 * points[2 * i]! + 0.25 * points[2 * i + 1]!,
  );
  const raster = heatRaster({ data: values, shape: [8, 8] }, 1, side);
  const color = ramp(densityStops);
  for (const [row, col] of [
    [20, 90],
    [60, 60],
    [100, 15],
  ] as const) {
    const expected = color(0.5 * ((col + 0.5) / side) + 0.25 * (1 - (row + 0.5) / side));
    expected.forEach((channel, c) => {
      expect(Math.abs(raster.data[4 * (row * side + col) + c]! - channel)).toBeLessThanOrEqual(1);
    });
  }
});

test('a point is one round dot of its colour at its position', () => {
  fc.assert(
    fc.property(place, place, (u, v) => {
      const view = { x: [-5, 5], y: [0, 2] } as const;
      const raster = scatterRaster(
        Float64Array.of(-5 + 10 * u),
        Float64Array.of(2 * v),
        view,
        { colors: ['#35618f'] },
        side,
      );
      let [mass, atX, atY] = [0, 0, 0];
      for (let row = 0; row < side; row++) {
        for (let col = 0; col < side; col++) {
          const weight = alpha(raster, row, col);
          if (weight > 0)
            expect([...raster.data.subarray(4 * (row * side + col)).subarray(0, 3)]).toEqual(rgb('#35618f'));
          mass += weight;
          atX += weight * (col + 0.5);
          atY += weight * (row + 0.5);
        }
      }
      expect(atX / mass).toBeCloseTo(u * side, 0);
      expect(atY / mass).toBeCloseTo((1 - v) * side, 0);
    }),
    { numRuns: 30 },
  );
});

test('overlapping dots make the picture denser, and points outside or not finite are left out', () => {
  const view = { x: [0, 1], y: [0, 1] } as const;
  const xs = Float64Array.of(0.25, 0.75, 0.75, 7, Number.NaN, 0.5);
  const ys = Float64Array.of(0.5, 0.5, 0.5, 0.5, 0.5, Number.POSITIVE_INFINITY);
  const raster = scatterRaster(xs, ys, view, { colors: ['#000000'] }, side);
  const [once, twice] = [alpha(raster, 60, 30) / 255, alpha(raster, 60, 90) / 255];
  expect(once).toBeGreaterThan(0.5);
  expect(twice).toBeCloseTo(1 - (1 - once) ** 2, 2);
  for (let row = 0; row < side; row++) expect(alpha(raster, row, 60)).toBe(0);
});
