import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import {
  affine,
  type FiniteOptions,
  finiteDataset,
  readCsv,
  type Table,
  transformFromJson,
} from '../../src/data/index.ts';
import { makeGrid, watchGrid } from '../../src/data/units/grid.ts';
import { key } from '../../src/random/index.ts';
import { scalesOf } from '../support/affine.ts';

const open = (text: string, options: FiniteOptions = {}) =>
  finiteDataset('t', readCsv(Buffer.from(text), 't.csv', { plain: true }), options);

const grids = fc
  .record({ step: fc.integer({ min: 1, max: 500 }), decimals: fc.integer({ min: 0, max: 4 }) })
  .chain(parts => fc.integer({ min: 0, max: parts.step - 1 }).map(offset => makeGrid({ ...parts, offset })));
const places = fc.integer({ min: -100_000, max: 100_000 });
const decimalOf = ({ step, decimals, offset }: ReturnType<typeof makeGrid>, k: number) =>
  Number(`${offset + k * step}e-${decimals}`);

describe('a grid', () => {
  test('contains its decimal numbers, and each is the start of a step', () => {
    fc.assert(
      fc.property(grids, places, fc.double({ min: 0, max: 0.999, noNaN: true }), (grid, k, u) => {
        const value = decimalOf(grid, k);
        expect(grid.meant(value)).toBe(value);
        expect(grid.below(value + u * grid.width)).toBe(value);
        expect(grid.meant(value + 0.4 * grid.width)).toBeUndefined();
      }),
    );
  });

  test('is found from values on it, with the largest step that fits', () => {
    fc.assert(
      fc.property(grids, fc.uniqueArray(places, { minLength: 3, maxLength: 30 }), (grid, ks) => {
        const watch = watchGrid();
        const values = ks.map(k => decimalOf(grid, k));
        for (const value of values) watch.see(value);
        const found = watch.grid()!;
        expect(values.map(found.meant)).toEqual(values);
        if (!values.every(Number.isInteger)) expect(found.width / grid.width).toBeGreaterThan(1 - 1e-12);
      }),
    );
  });

  test('does not exist for numbers with many decimals', () => {
    const watch = watchGrid();
    for (const value of [0.1, Math.PI, 2]) watch.see(value);
    expect(watch.grid()).toBeUndefined();
  });

  test('is not found where places at the last decimal are beyond 2⁵³', () => {
    const watch = watchGrid();
    for (const value of [0.5, 9007199254.839252, -3002399751.61]) watch.see(value);
    expect([watch.grid(), watch.sureGrid()]).toEqual([undefined, undefined]);
    const whole = watchGrid();
    for (const value of [2 ** 53 - 1, 1 - 2 ** 53]) whole.see(value);
    expect(whole.sureGrid()?.width).toBe(1);
  });
});

describe('dequantising by column', () => {
  const text = `n,price,x\n${Array.from({ length: 40 }, (_, i) => `${i % 7},${(i % 11) / 10},${Math.sin(i)}`).join('\n')}\n`;

  test('spreads the named columns over their steps, and no others', () => {
    const data = open(text, { dequantize: ['n..price'], scaling: 'none' });
    const z = new Float64Array(120);
    data.read(
      z,
      key(1, 'rows'),
      Uint32Array.from({ length: 40 }, (_, i) => i),
    );
    const { data: x } = data.all!();
    expect(z.filter((_, i) => i % 3 === 2)).toEqual(x.filter((_, i) => i % 3 === 2));
    for (const [d, width] of [1, 0.1].entries())
      for (let i = d; i < 120; i += 3) {
        expect(z[i]! - x[i]!).toBeGreaterThan(0);
        expect(z[i]! - x[i]!).toBeLessThan(width * (1 + 1e-9));
      }
    expect(data.transform.settle(z)).toEqual(x);
    expect([data.transform.bins, data.transform.steps]).toEqual([false, true]);
    expect(data.transform.logStep).toBeCloseTo(Math.log(0.1), 12);
  });

  test('adds the variance of the noise, width²/12, to that of the data', () => {
    const [plain, spread] = [scalesOf(open(text)), scalesOf(open(text, { dequantize: ['price'] }))];
    expect(spread.scale[1]! ** 2).toBeCloseTo(plain.scale[1]! ** 2 + 0.01 / 12, 12);
    expect(spread.shift[1]!).toBeCloseTo(plain.shift[1]! + 0.05, 12);
    expect([spread.scale[0], spread.scale[2]]).toEqual([plain.scale[0], plain.scale[2]]);
  });

  test('is kept through JSON', () => {
    const { transform } = open(text, { dequantize: ['price'] });
    const back = transformFromJson(JSON.parse(JSON.stringify(transform)), 'config.json');
    expect(back.toJSON()).toEqual(transform.toJSON());
    expect([...back.settle(Float64Array.of(0.5, 0.37, 0.5))]).toEqual([0.5, 0.3, 0.5]);
    expect(affine([0], [1], true).toJSON().bins).toBe(true);
  });

  test.each<[string, FiniteOptions, string, RegExp]>([
    ['a column without steps', { dequantize: ['x'] }, text, /column "x": no constant steps/],
    ['an unknown column', { dequantize: ['pricy'] }, text, /pricy.*price/],
    [
      'rows between the steps of a model',
      { transform: open(text, { dequantize: ['price'] }).transform },
      'n,price,x\n1,0.15,2\n',
      /row 1, column "price": a value between the steps.*0\.15/,
    ],
  ])('%s: refused', (_, options, rows, message) => {
    expect(() => open(rows, options)).toThrow(message);
  });
});

describe('rows that come to the model of a table', () => {
  const cylinders = (values: readonly number[]) =>
    `n,x\n${values.map((n, i) => `${n},${Math.sin(i)}`).join('\n')}\n`;
  const all = Array.from({ length: 150 }, (_, i) => 4 + 2 * (i % 3));
  const own = (text: string, options: FiniteOptions) =>
    finiteDataset('t', readCsv(Buffer.from(text), 't.csv'), options);
  const { transform } = own(cylinders(all), { scaling: 'gaussian' });

  test('are read to the nearest step, with a remark', () => {
    expect(transform.toJSON()).toMatchObject({ cells: [{ grid: { step: 2 } }, {}] });
    const data = own(cylinders([4, 5, 8, 6.5]), { transform });
    expect([...data.all!().data].filter((_, i) => i % 2 === 0)).toEqual([4, 6, 8, 6]);
    expect(data.notes.join('\n')).toMatch(
      /values between the steps of their column, taken as the nearest: "n" 2, first 5 as 6/,
    );
  });

  test('and need no remark where they are on the steps', () => {
    expect(own(cylinders([4, 6, 8]), { transform }).notes.join('\n')).not.toMatch(/between/);
  });
});

describe('remarks', () => {
  const real = (i: number) => Math.sin(1.7 * i + i * i);
  const table = (columns: Readonly<Record<string, (i: number) => number>>, count = 200) => {
    const rows = Array.from({ length: count }, (_, i) => Object.values(columns).map(of => of(i)));
    return `${Object.keys(columns)}\n${rows.map(row => row.join(',')).join('\n')}\n`;
  };

  test.each<[string, Readonly<Record<string, (i: number) => number>>, RegExp]>([
    ['whole numbers', { x: real, n: i => i % 9 }, /whole numbers in "n".*--dequantize n\./],
    ['steps of 0.1', { x: real, p: i => (i % 21) / 10 }, /steps of 0\.1 in "p".*--dequantize p\./],
    ['steps of 0.25', { x: real, p: i => (i % 21) / 4 }, /steps of 0\.25 in "p".*--dequantize p\./],
    ['two values', { x: real, sex: i => i % 2 }, /two values in "sex".*--dequantize sex.*--labels sex\./],
    [
      'many at once',
      { a: i => i % 3, b: i => i % 4, c: i => i % 5, x: real },
      /"a", "b", "c".*--dequantize a\.\.c\./,
    ],
    ['all of them', { a: i => i % 3, b: i => (i * i) % 7 }, /--dequantize\./],
    ['all of them, in tenths', { a: i => i % 3, b: i => ((i * i) % 7) / 10 }, /--dequantize a,b\./],
    ['a column twice', { x: real, y: i => 3 * real(i) + 1e6 }, /"y" from "x".*--exclude y\./],
    [
      'a sum',
      { x: real, y: i => real(i + 1000), z: i => real(i) - 2 * real(i + 1000) },
      /"z" from "x", "y".*--exclude z\./,
    ],
  ])('%s', (_, columns, remark) => {
    const { notes } = open(table(columns), { part: 'train' });
    expect(notes.filter(note => remark.test(note))).toHaveLength(1);
  });

  test('there are none for real numbers, even if they are nearly dependent, nor for dequantised columns', () => {
    const columns = { x: real, y: (i: number) => real(i) + 1e-4 * real(i + 1000), n: (i: number) => i % 9 };
    expect(open(table(columns), { dequantize: ['n'] }).notes).toEqual([]);
  });

  test('the option in each remark repairs what the remark is about', () => {
    const text = table({ n: i => i % 5, p: i => (i % 21) / 10, x: real, y: i => 2 * real(i) });
    expect(open(text).notes).toHaveLength(2);
    const mended = readCsv(Buffer.from(text), 't.csv', { exclude: ['y'], plain: true });
    expect(finiteDataset('t', mended, { dequantize: ['n', 'p'] }).notes).toEqual([]);
  });

  test('the option includes the columns that are spread already', () => {
    const { notes } = open(table({ n: i => i % 5, x: real, p: i => (i % 21) / 10 }), { dequantize: ['n'] });
    expect(notes).toEqual([expect.stringContaining('steps of 0.1 in "p"')]);
    expect(notes[0]).toMatch(/--dequantize n,p\.$/);
  });

  test('columns without names are x1, x2, … as in the files that are written', () => {
    const values = Float64Array.from({ length: 200 }, (_, i) => (i % 2 === 0 ? real(i) : i % 9));
    const rows: Table = { where: 't.npy', values, count: 100, shape: [2] };
    expect(finiteDataset('t', rows).notes[0]).toContain('--dequantize x2.');
    expect(finiteDataset('t', rows, { dequantize: ['x2'] }).notes).toEqual([]);
  });

  test('there are none for pictures', () => {
    const pixels: Table = {
      where: 'p',
      values: Uint8Array.from({ length: 64 }, (_, i) => i),
      count: 16,
      shape: [2, 2],
    };
    expect(finiteDataset('p', pixels).notes).toEqual([]);
  });
});

test('few values that are every multiple of a step are all there are, if many rows say so', () => {
  const widthOf = (rows: number, values: readonly number[]) => {
    const watch = watchGrid();
    for (let i = 0; i < rows; i++) watch.see(values[i % values.length]!);
    return watch.sureGrid()?.width;
  };
  expect(widthOf(300, [0, 5, 10, 15])).toBe(5);
  expect(widthOf(300, [0.05, 0.1, 0.15])).toBe(0.05);
  // Few rows, two values, and values with holes among them say nothing.
  expect(widthOf(100, [0, 5, 10, 15])).toBe(1);
  expect(widthOf(300, [0, 5])).toBe(1);
  expect(widthOf(300, [0, 5, 15])).toBe(1);
});
