import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { finiteDataset, type Table } from '../../src/data/index.ts';
import { overlapOf } from '../../src/data/overlap.ts';
import { rowHashes } from '../../src/data/row-hashes.ts';
import { makeGrid } from '../../src/data/units/grid.ts';
import { fillNormal, key } from '../../src/random/index.ts';

const count = 400;
/** Rows of these columns, each a function of a normal number. */
const rowsOf = (seed: number, columns: readonly ((z: number) => number)[], rows = count) => {
  const z = new Float32Array(rows * columns.length);
  fillNormal(z, key(seed, 'rows'), { step: 0, first: 0, size: columns.length });
  return Float64Array.from(z, (value, i) => columns[i % columns.length]!(value));
};
const tableOf = (values: Table['values'], size: number): Table => ({
  where: 't',
  values,
  count: values.length / size,
  shape: [size],
});
const all = (rows: number) => Uint32Array.from({ length: rows }, (_, i) => i);
/** How many rows of the others a run on the first rows leaves out. */
const recognised = (trained: Table['values'], others: Table['values'], size: number) => {
  const [of, among] = [tableOf(trained, size), tableOf(others, size)];
  return overlapOf(among, all(among.count), rowHashes(of, all(of.count)));
};

/** Normal draws are float32; times π they have all digits of float64. */
const real = (z: number) => Math.PI * z;
const decimal = (digits: number) => (x: number) => Number(x.toPrecision(digits));
/** A float32 in the fewest digits that give it back, as NumPy and Arrow write it. */
const shortest = (x: number) =>
  [6, 7, 8, 9].map(digits => decimal(digits)(Math.fround(x))).find(y => Math.fround(y) === Math.fround(x))!;

const copies: readonly (readonly [string, (x: number) => number])[] = [
  ['float32', Math.fround],
  ['text of the digits of its float32', shortest],
  ['text of float32 with nine digits', x => decimal(9)(Math.fround(x))],
  ['seven digits of its float32', x => decimal(7)(Math.fround(x))],
  ['seven digits', decimal(7)],
];
const mixtures: readonly (readonly [string, readonly ((z: number) => number)[]])[] = [
  ['one real column', [real]],
  ['real columns of every scale', [real, z => 1e-9 * z, z => 280 + 9 * z, z => 1e12 * Math.exp(z)]],
  ['tenths, whole numbers and a real column', [z => Math.round(10 * z) / 10, z => Math.round(z), real]],
  ['a Julian date beside real columns', [z => 2459000 + z, real, z => Math.exp(z)]],
  ['missing cells', [z => (z > 1 ? Number.NaN : z), real]],
  ['twenty real columns', Array.from({ length: 20 }, () => real)],
];

describe('training rows are recognised in a copy with fewer digits, and fresh rows are not', () => {
  test.each(
    mixtures.flatMap(([what, columns]) => copies.map(([how, copy]) => [what, how, columns, copy] as const)),
  )('%s as %s', (_what, _how, columns, copy) => {
    const [trained, fresh] = [rowsOf(1, columns), rowsOf(2, columns)];
    const [saved, strange] = [trained.map(copy), fresh.map(copy)];
    const backwards = tableOf(saved, columns.length);
    const order = all(count);
    expect(recognised(trained, saved, columns.length)).toMatchObject({ trained: count, whole: true });
    expect(
      overlapOf(backwards, order.slice(0, 50), rowHashes(tableOf(trained, columns.length), order)),
    ).toMatchObject({
      trained: 50,
      whole: false,
    });
    // Among 400 rows of a column, one in about a hundred has a neighbour that shares its fourteen bits.
    expect(recognised(trained, strange, columns.length).trained).toBeLessThanOrEqual(
      columns.length > 1 ? 0 : 8,
    );
  });

  test('also where the training had the float32 and the original is scored', () => {
    const original = rowsOf(1, [real, real]);
    const float32 = original.map(Math.fround);
    expect(recognised(float32, original, 2)).toMatchObject({ trained: count, whole: true });
    expect(recognised(Float32Array.from(float32), float32, 2)).toMatchObject({ trained: count, whole: true });
  });
});

describe('values whose float32 coincide', () => {
  const columns = [(z: number) => 1e9 + z];
  const [trained, fresh] = [rowsOf(1, columns), rowsOf(2, columns)];

  test('are told apart as float64', () => {
    const half = trained.slice(0, count / 2);
    const { others, ...rest } = recognised(half, trained, 1);
    expect(rest).toEqual({ trained: count / 2, whole: true });
    expect([...others]).toEqual([...all(count)].slice(count / 2));
    expect(recognised(trained, fresh, 1).trained).toBe(0);
  });

  test('prove nothing as float32', () => {
    for (const [, copy] of copies) expect(recognised(trained, fresh.map(copy), 1).trained).toBe(0);
  });

  test('neighbours in float64 stay apart where float32 identifies most rows', () => {
    const base = rowsOf(1, [real, real]);
    const near = base.map(x => x + 2 ** -50);
    expect(recognised(base, near, 2).trained).toBe(0);
  });
});

test('whole numbers of many digits are no copies of their neighbours, unless they are float32', () => {
  const ids = (seed: number) =>
    rowsOf(seed, [z => Math.round(4e8 + 1e8 * z), z => Math.round(1e6 + 3e5 * z)]);
  const trained = ids(1);
  // At 4e8 one whole number in 32 is a float32.
  expect(
    recognised(
      trained,
      trained.map(x => x + 1),
      2,
    ).trained,
  ).toBeLessThan(count / 16);
});

describe('a grid takes the float32 of its values for them', () => {
  const forms = fc.record({
    step: fc.integer({ min: 1, max: 500 }),
    decimals: fc.integer({ min: 0, max: 4 }),
    offset: fc.integer({ min: 0, max: 100 }),
  });

  test('wherever float32 tells the values apart', () => {
    fc.assert(
      fc.property(forms, fc.integer({ min: -20_000, max: 20_000 }), (form, k) => {
        const value = Number(`${form.offset + k * form.step}e-${form.decimals}`);
        const grid = makeGrid(form);
        const rounded = Math.fround(value);
        if (Math.abs(value) < grid.width * 2 ** 21) expect(grid.meant(rounded)).toBe(value);
        expect([undefined, value]).toContain(grid.meant(value * (1 + 2 ** -40)));
      }),
    );
  });

  test('and rows that hold them are those of the steps', () => {
    const values = rowsOf(1, [z => Math.round(10 * z) / 10 + 0, real]);
    const data = finiteDataset('t', tableOf(values, 2), { dequantize: ['x1'], part: 'train' });
    const { transform } = data;
    const again = finiteDataset('t', tableOf(Float32Array.from(values), 2), { transform });
    const tenths = (x: ArrayLike<number>) => Array.from(x).filter((_, i) => i % 2 === 0);
    expect(tenths(again.all!().data)).toEqual(tenths(values));
    expect(again.overlap!(data.hashes!())).toMatchObject({ trained: 320, whole: true });
    expect(() => finiteDataset('t', tableOf(Float32Array.of(0.15, 1), 2), { transform })).toThrow(
      /between the steps/,
    );
  });
});
