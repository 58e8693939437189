import { describe, expect, it } from 'vitest';
import { makeEngine } from '../../src/engine/index.ts';
import { all, measurementOf } from '../../src/measure/all.ts';
import { type Chart, ownUnits } from '../../src/measure/chart.ts';
import { equal, given } from '../../src/measure/columns.ts';
import type { Measurement } from '../../src/measure/contract.ts';
import { linear } from '../../src/measure/linear.ts';
import { logBetween, logCdf } from '../../src/measure/normal.ts';
import { observe } from '../../src/measure/observe.ts';
import { blur, crop, downsample, gray, mask } from '../../src/measure/pictures.ts';
import { measure } from '../../src/measure/traced.ts';
import { mul, type PlainTensor, reshape, slice, sum } from '../../src/tensor/index.ts';

const engine = await makeEngine('wasm');
const columns = [{ name: 'a' }, { name: 'b' }, { name: 'c' }];
const space = { shape: [3], columns };
const logNormal = (r: number, variance: number) =>
  -0.5 * (Math.log(2 * Math.PI * variance) + (r * r) / variance);

/** The greatest difference of two lists. */
const farthest = (a: ArrayLike<number>, b: ArrayLike<number>) =>
  Array.from(a, (value, i) => Math.abs(value - b[i]!)).reduce((most, each) => Math.max(most, each), 0);

/** h of model values by a program. */
async function applied(measurement: Measurement, chart: Chart, z: PlainTensor): Promise<Float32Array> {
  const observation = observe(await measurement.on({ shape: chart.shape, columns }), chart);
  const program = engine.compile<null>((w, [x]) => [observation.apply(w, x!)], observation.weights);
  const value = engine.put(z);
  const [out] = await program.run([value], null);
  const data = await engine.read(out!);
  engine.free(value, out!);
  return data;
}

it('rows of few numbers are no constants, so that all questions share programs; those of pictures are', async () => {
  const few = observe(await given('a=1, a+b<2').on(space), ownUnits([3]));
  expect(few.weights).toEqual([]);
  expect(few.rows.map(({ shape }) => shape)).toEqual([
    [1, 3],
    [1, 3],
  ]);
  const size = 100;
  const rows = Array.from({ length: 50 }, (_, i) => Array.from({ length: size }, (_, d) => Number(d === i)));
  const many = observe(await linear(rows, new Array(50).fill(0)).on({ shape: [size] }), ownUnits([size]));
  expect(many.weights).toEqual(many.rows);
});

describe('linear readings in model units', () => {
  const A = [
    [1, 2, 0],
    [0.5, -1, 1],
    [1, 2, 0.01],
  ];
  const y = [1, -2, 1.3];
  const std = [0.1, 0.5, 1];
  const chart: Chart = { shape: [3], shift: Float64Array.of(1, 2, 3), scale: Float64Array.of(2, 0.5, 3) };

  it('keep the likelihood of every point', async () => {
    const observation = observe(await linear(A, y, { std }).on(space), chart);
    for (const z of [
      [0, 0, 0],
      [1, -1, 2],
      [-0.3, 0.2, 0.7],
    ]) {
      const x = z.map((value, d) => chart.shift[d]! + chart.scale[d]! * value);
      const direct = A.reduce(
        (total, row, i) => total + logNormal(y[i]! - row.reduce((s, a, d) => s + a * x[d]!, 0), std[i]! ** 2),
        0,
      );
      const W = observation.rows[0]!.data;
      const { value, variance } = observation.readings;
      const turned = value.reduce((total, reading, k) => {
        const h = z.reduce((s, each, d) => s + W[k * 3 + d]! * each, 0);
        return total + logNormal(reading - h, variance[k]!);
      }, observation.logScale);
      expect(turned).toBeCloseTo(direct, 3);
    }
  });

  it('have orthonormal rows', async () => {
    const W = observe(await linear(A, y, { std }).on(space), chart).rows[0]!.data;
    for (let i = 0; i < 3; i++)
      for (let j = 0; j < 3; j++) {
        const dot = [0, 1, 2].reduce((s, d) => s + W[i * 3 + d]! * W[j * 3 + d]!, 0);
        expect(dot).toBeCloseTo(i === j ? 1 : 0, 6);
      }
  });

  it('count a repeated reading once, with half its variance', async () => {
    const twice = observe(await measurementOf(['a=1±0.2', 'a=1±0.2']).on(space), ownUnits([3]));
    expect(twice.count).toBe(1);
    expect(twice.readings.variance[0]).toBeCloseTo(0.02, 12);
    expect(Math.abs(twice.readings.value[0]!)).toBeCloseTo(1, 12);
  });

  it.each([
    [['a=1', 'b=2', 'a+b=4'], /contradict one another/],
    [['a=1±0.1', 'a=5±0.1'], /contradict one another/],
    [['a - a = 1'], /says nothing/],
  ])('refuse %s', async (texts, says) => {
    await expect(async () => observe(await measurementOf(texts).on(space), ownUnits([3]))).rejects.toThrow(
      says,
    );
  });

  it('refuse a width and names that do not fit, and values that are none', async () => {
    await expect(linear([[1, 2]], [1]).on(space)).rejects.toThrow(/does not fit the samples/);
    await expect(equal({ d: 1 }).on(space)).rejects.toThrow(/Unknown column "d"/);
    expect(() => linear([[1, 2, 3]], [1, 2])).toThrow(/a value for each row/);
    expect(() => linear([[1, 2, 3]], [1], { std: -1 })).toThrow(/standard deviation/);
    expect(() => equal({ a: Number.NaN })).toThrow(/not finite/);
  });
});

it('formulas, bounds and functions stand in the order readings, then bounds', async () => {
  const chart: Chart = { shape: [3], shift: Float64Array.of(1, 0, 0), scale: Float64Array.of(2, 1, 1) };
  const norm = measure(x => reshape(sum(mul(x, x), [1]), [x.shape[0]!, 1]), [1], { std: 0.1 });
  const both = all('a^2*c = 2±0.1, b > 1, exp(b)/2 < 3', norm, 'c = 1±0.5');
  const z = { data: Float32Array.of(0.5, -1, 2, 0, 1, 3), shape: [2, 3] };
  const h = await applied(both, chart, z);
  const rows = [
    [2, -1, 2],
    [1, 1, 3],
  ].map(([a, b, c]) => [c!, a! * a! * c!, a! * a! + b! * b! + c! * c!, b!, Math.exp(b!) / 2]);
  expect([...h]).toHaveLength(10);
  expect(farthest(h, rows.flat())).toBeLessThan(1e-4);
});

describe('pictures', () => {
  const shape = [2, 4, 6];
  const picture = { data: Float64Array.from({ length: 48 }, (_, i) => Math.sin(i * i)), shape };
  const at = (c: number, i: number, j: number) => picture.data[(c * 4 + i) * 6 + j]!;
  const small = {
    data: Float64Array.from({ length: 12 }, (_, k) => {
      const [c, i, j] = [Math.floor(k / 6), Math.floor((k % 6) / 3), k % 3];
      return (
        (at(c, 2 * i, 2 * j) +
          at(c, 2 * i + 1, 2 * j) +
          at(c, 2 * i, 2 * j + 1) +
          at(c, 2 * i + 1, 2 * j + 1)) /
        4
      );
    }),
    shape: [2, 2, 3],
  };
  const taps = (side: number, i: number) => {
    const row = new Float64Array(side);
    for (let k = -4; k <= 4; k++) row[Math.max(0, Math.min(side - 1, i + k))]! += Math.exp(-0.5 * k * k);
    const total = row.reduce((s, v) => s + v, 0);
    return row.map(v => v / total);
  };
  const blurred = {
    data: Float64Array.from({ length: 48 }, (_, k) => {
      const [c, i, j] = [Math.floor(k / 24), Math.floor((k % 24) / 6), k % 6];
      return taps(4, i).reduce(
        (s, w, p) => s + w * taps(6, j).reduce((r, v, q) => r + v * at(c, p, q), 0),
        0,
      );
    }),
    shape,
  };
  const known = { data: Float64Array.from({ length: 24 }, (_, i) => i % 3), shape: [4, 6] };
  const grey = {
    data: Float64Array.from({ length: 24 }, (_, i) => (picture.data[i]! + picture.data[24 + i]!) / 2),
    shape: [4, 6],
  };
  const corner = {
    data: Float64Array.of(at(0, 1, 2), at(0, 1, 3), at(1, 1, 2), at(1, 1, 3)),
    shape: [2, 1, 2],
  };
  it.each([
    ['mask', mask(picture, known), 32],
    ['downsample', downsample(2, small), 12],
    ['blur', blur(1, blurred), undefined],
    ['gray', gray(grey), 24],
    ['crop', crop(corner, { top: 1, left: 2 }), 4],
  ] as const)('%s reads from the picture what it was given', async (_name, measurement, count) => {
    const parts = await measurement.on({ shape });
    const observation = observe(parts, ownUnits(shape));
    if (count) expect(observation.count).toBe(count);
    const z = { data: Float32Array.from(picture.data), shape: [1, ...shape] };
    const h = await applied(measurement, ownUnits(shape), z);
    // Weak directions of a blur are read from data with 1e-7 of error each.
    expect(farthest(h, observation.readings.value)).toBeLessThan(2e-5);
  });

  it('that do not fit are refused', async () => {
    await expect(downsample(4, small).on({ shape })).rejects.toThrow(/does not divide/);
    await expect(mask(small, known).on({ shape })).rejects.toThrow(/does not fit/);
    await expect(gray(grey).on({ shape: [4, 6] })).rejects.toThrow(/several channels/);
    await expect(crop(corner, { top: 4, left: 0 }).on({ shape })).rejects.toThrow(/leaves the picture/);
    await expect(blur(1, blurred).on({ shape: [48] })).rejects.toThrow(/only pictures/);
    await expect(blur(1e9, blurred).on({ shape: [6, 8] })).rejects.toThrow(/too large.*at most 24 pixels/s);
  });
});

it('log Φ and log of an interval are right far into the tails', async () => {
  const u = [-30, -10, -5, -1, 0, 1, 3, 6];
  const wanted = [
    -454.3212439955,
    -53.2312851505,
    -15.0649983939,
    -1.841021645,
    -Math.LN2,
    -0.172753779,
    -0.00135081,
    0,
  ];
  const program = engine.compile<null>((_w, [a]) => {
    const b = slice(a!, [0], [8]);
    return [logCdf(b), logBetween(mul(b, 1), mul(slice(a!, [8], [8]), 1))];
  });
  const input = engine.put({ data: Float32Array.from([...u, ...u.map(v => v + 1)]), shape: [16] });
  const [cdf, between] = await program.run([input], null);
  const got = await engine.read(cdf!);
  const relative = (values: ArrayLike<number>) =>
    Array.from(values, (value, i) => value / Math.max(1, -wanted[i]!));
  expect(farthest(relative(got), relative(wanted))).toBeLessThan(2e-6);
  const intervals = await engine.read(between!);
  // Φ(1) − Φ(0) and, by symmetry, Φ(0) − Φ(−1); and Φ(−9) − Φ(−10), which is Φ(−9) to 1e-4.
  expect(intervals[4]).toBeCloseTo(Math.log(0.3413447461), 5);
  expect(intervals[3]).toBeCloseTo(Math.log(0.3413447461), 5);
  expect(intervals[1]).toBeCloseTo(-43.628149 + Math.log1p(-6.7e-5), 3);
  engine.free(input, cdf!, between!);
});

it('a text is a measurement: the same as its value', async () => {
  const [one] = await given('b = 2 ± 0.5').on(space);
  const [two] = await equal({ b: 2 }, { std: 0.5 }).on(space);
  expect({ ...one, text: '' }).toEqual({ ...two, text: '' });
});
