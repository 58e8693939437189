import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import {
  affine,
  type FiniteOptions,
  finiteDataset,
  readCsv,
  split,
  type Table,
} from '../../src/data/index.ts';
import { key } from '../../src/random/index.ts';
import { scalesOf } from '../support/affine.ts';

const counting = (count: number, columns = ['a', 'b']): Table => ({
  where: 't.csv',
  values: Float64Array.from({ length: count * columns.length }, (_, i) => i),
  count,
  shape: [columns.length],
  columns,
});
const raw: FiniteOptions = { scaling: 'none' };
const stream = key(7, 'train/data');
const take = (data: ReturnType<typeof finiteDataset>, step: number, size: number, k = stream) => {
  const out = new Float32Array(size * scalesOf(data).shift.length);
  data.batch(out, k, step, size);
  return [...out];
};
const firsts = (rows: readonly number[]) => rows.filter((_, i) => i % 2 === 0).map(value => value / 2);

describe('batches of a table', () => {
  test('one epoch contains every row once, with any batch size, and the next is shuffled again', () => {
    fc.assert(
      fc.property(fc.integer({ min: 2, max: 40 }), fc.integer({ min: 1, max: 50 }), (count, size) => {
        const data = finiteDataset('t', counting(count), raw);
        const steps = Math.ceil((2 * count) / size);
        const seen = Array.from({ length: steps }, (_, step) => firsts(take(data, step, size))).flat();
        const all = Array.from({ length: count }, (_, i) => i);
        expect(seen.slice(0, count).toSorted((a, b) => a - b)).toEqual(all);
        expect(seen.slice(count, 2 * count).toSorted((a, b) => a - b)).toEqual(all);
        if (count > 20) expect(seen.slice(0, count)).not.toEqual(seen.slice(count, 2 * count));
      }),
    );
  });

  test('a batch depends only on key, step and size, not on earlier batches', () => {
    const make = () => finiteDataset('t', counting(10), { ...raw, dequantize: true });
    const data = make();
    const straight = [0, 1, 2, 3].map(step => take(data, step, 7));
    const backwards = [3, 2, 1, 0].map(step => take(make(), step, 7)).reverse();
    expect(backwards).toEqual(straight);
    expect([take(data, 0, 7, key(8, 'x')), take(data, 0, 7)]).toEqual([
      take(make(), 0, 7, key(8, 'x')),
      straight[0],
    ]);
    expect(take(data, 0, 7, key(8, 'train/data'))).not.toEqual(straight[0]);
  });

  test('the values of a row stay together', () => {
    const rows = take(finiteDataset('t', counting(9), raw), 0, 9);
    for (let i = 0; i < rows.length; i += 2) expect(rows[i + 1]).toBe(rows[i]! + 1);
  });
});

describe('parts', () => {
  test('contain the rows of the split, standardised by the training rows alone', () => {
    const options = { testFraction: 0.3, seed: 4 };
    const { train, test: held } = split(20, 0.3, 4);
    const learn = finiteDataset('t', counting(20), { ...options, part: 'train' });
    const judge = finiteDataset('t', counting(20), { ...options, part: 'test' });
    expect([learn.count, judge.count]).toEqual([14, 6]);
    expect([learn.rows, judge.rows]).toEqual([train, held]);
    expect([...judge.all!().data]).toEqual([...held].flatMap(row => [2 * row, 2 * row + 1]));
    expect(scalesOf(judge).shift).toEqual(scalesOf(learn).shift);
    const mean = train.reduce((sum, row) => sum + 2 * row, 0) / train.length;
    const variance = train.reduce((sum, row) => sum + (2 * row - mean) ** 2, 0) / train.length;
    expect(scalesOf(learn).shift[0]).toBeCloseTo(mean, 12);
    expect(scalesOf(learn).scale[0]).toBeCloseTo(Math.sqrt(variance), 12);
    expect(scalesOf(learn).logDeterminant).toBeCloseTo(-Math.log(variance), 12);
  });

  test('a standardised epoch has mean 0 and variance 1', () => {
    const data = finiteDataset('t', counting(50));
    const column = take(data, 0, 50).filter((_, i) => i % 2 === 1);
    expect(column.reduce((a, b) => a + b) / 50).toBeCloseTo(0, 6);
    expect(column.reduce((a, b) => a + b * b, 0) / 50).toBeCloseTo(1, 6);
  });

  test('read returns the chosen rows of the part through a transform that was fitted before', () => {
    const transform = affine([1, 1], [2, 2]);
    const data = finiteDataset('t', counting(10), { part: 'test', testFraction: 0.5, transform });
    const out = new Float32Array(4);
    data.read(out, stream, Uint32Array.of(3, 0));
    const rows = split(10, 0.5, 0).test;
    expect([...out]).toEqual([rows[3]!, rows[0]!].flatMap(row => [(2 * row - 1) / 2, (2 * row) / 2]));
    expect(() => data.read(out, stream, Uint32Array.of(5, 0))).toThrow('no such row; got 5; expected 0 to 4');
  });

  test('large offsets do not spoil small differences: standardisation is in float64', () => {
    const values = Float64Array.of(1.7e9, 1.7e9 + 1, 1.7e9 + 2);
    const data = finiteDataset('t', { where: 't', values, count: 3, shape: [1] });
    const out = new Float32Array(3);
    data.read(out, stream, Uint32Array.of(0, 1, 2));
    expect([...out]).toEqual([-Math.sqrt(1.5), 0, Math.sqrt(1.5)].map(Math.fround));
    expect([...data.all!().data]).toEqual([...values]);
  });

  test.each([1e-200, 1e200])('units of %s are standardised like any others', unit => {
    const values = Float64Array.of(-unit, 0, unit);
    const transform = scalesOf(finiteDataset('t', { where: 't', values, count: 3, shape: [1] }));
    expect(transform.scale[0]! / unit).toBeCloseTo(Math.sqrt(2 / 3), 12);
    expect([...transform.forward(values, new Float32Array(3))]).toEqual(
      [-Math.sqrt(1.5), 0, Math.sqrt(1.5)].map(Math.fround),
    );
  });
});

describe('dequantising', () => {
  const options: FiniteOptions = { ...raw, dequantize: true };
  const residues = (data: ReturnType<typeof finiteDataset>, repeat: number, k = stream) => {
    const out = new Float32Array(2 * data.count);
    data.read(
      out,
      k,
      Uint32Array.from({ length: data.count }, (_, i) => i),
      repeat,
    );
    return [...out].map((value, i) => value - i);
  };

  test('adds u ~ U[0, 1) to each value: bounded, with mean ½ and variance 1/12', () => {
    const count = 20_000;
    const zeros = { ...counting(count), values: new Uint8Array(2 * count) };
    const u = take(finiteDataset('t', zeros, options), 0, count);
    const mean = u.reduce((a, b) => a + b) / u.length;
    expect(Math.min(...u)).toBeGreaterThanOrEqual(0);
    expect(Math.max(...u)).toBeLessThanOrEqual(1);
    expect(Math.abs(mean - 0.5)).toBeLessThan(4 / Math.sqrt(12 * u.length));
    expect(u.reduce((a, b) => a + (b - mean) ** 2, 0) / u.length).toBeCloseTo(1 / 12, 2);
  });

  test('draws again at each visit in training and in each repeat of an evaluation; the same key gives the same draw', () => {
    const data = finiteDataset('t', counting(30), options);
    const visit = (epoch: number) => take(data, epoch, 30).toSorted((a, b) => a - b);
    expect(visit(0).map(Math.floor)).toEqual(visit(1).map(Math.floor));
    expect(visit(0)).not.toEqual(visit(1));
    expect(residues(data, 0)).toEqual(residues(data, 0));
    expect(residues(data, 1)).not.toEqual(residues(data, 0));
    expect(residues(data, 0, key(7, 'likelihood'))).not.toEqual(residues(data, 0));
  });

  test('draws belong to the row of the file, in whichever part it is', () => {
    const whole = finiteDataset('t', counting(12), options);
    const part = finiteDataset('t', counting(12), { ...options, part: 'test', testFraction: 0.5 });
    const one = (data: typeof whole, row: number) => {
      const out = new Float32Array(2);
      data.read(out, stream, Uint32Array.of(row));
      return [...out];
    };
    expect(one(part, 2)).toEqual(one(whole, split(12, 0.5, 0).test[2]!));
  });

  test('gives constant columns a density, and the transform knows the bins', () => {
    const data = finiteDataset('t', readCsv(Buffer.from('a,b\n3,1\n3,5\n'), 't'), { dequantize: true });
    expect(data.transform.bins).toBe(true);
    expect([...scalesOf(data).shift]).toEqual([3.5, 3.5]);
    expect(scalesOf(data).scale[0]).toBeCloseTo(Math.sqrt(1 / 12), 14);
    expect(scalesOf(data).scale[1]).toBeCloseTo(Math.sqrt(4 + 1 / 12), 14);
    expect([...data.all!().data]).toEqual([3, 1, 3, 5]);
  });

  test('levels fill the range of the scaling', () => {
    const pixels = { where: 'p', values: Uint8Array.of(0, 255), count: 2, shape: [1] };
    const ends = (extra: FiniteOptions) => {
      const { transform } = finiteDataset('p', pixels, extra);
      return [...transform.forward(extra.dequantize ? [0, 256] : [0, 255], new Float64Array(2))];
    };
    expect(ends({ scaling: 'symmetric', dequantize: true })).toEqual([-1, 1]);
    expect(ends({ scaling: 'symmetric' })).toEqual([-1, 1]);
    expect(ends({ scaling: 'unit', dequantize: true })).toEqual([0, 1]);
    expect(() => ends({ scaling: 'unit', levels: 17 })).toThrow('row 2, element [0]: a value out of range');
  });
});

test.each<[string, string, FiniteOptions, RegExp]>([
  [
    'constant columns',
    'a,b,c\n1,2,0.1\n1,3,0.1\n1,4,0.1\n',
    {},
    /constant over the training rows.*: a, c\. Leave them out with --exclude a,c/,
  ],
  [
    'a spread that float64 cannot hold at the size of the column',
    'a,b\n3.3,1\n3.3,2\n3.300000000001,3\n3.3,4\n',
    {},
    /a spread that float64 cannot hold.*: a; got "a standard deviation of .* about 3\.3.*--exclude a\. Or write/,
  ],
  [
    'a spread beyond the range of float64',
    'a\n-1.7e308\n1.7e308\n0\n',
    {},
    /a spread that float64 cannot hold.*: a;/,
  ],
  ...['1e-200', '1e300'].map((unit): [string, string, FiniteOptions, RegExp] => [
    `a table of values of ${unit}`,
    `a,b\n${[1, 2, 3, 4].map(i => `${i}${unit.slice(1)},${i}`).join('\n')}\n`,
    { scaling: 'auto' },
    /spread too little or too far: a;.*Leave it out with --exclude a|Or leave it out with.*--exclude a/,
  ]),
  [
    'fractions to be dequantised',
    'a,b\n1,2\n3,4.5\n',
    { dequantize: true },
    /row 2, column "b": not an integer.*got 4\.5/,
  ],
  [
    'a transform of another width',
    'a,b\n1,2\n3,4\n',
    { transform: affine([0], [1]) },
    /2 values a row.*expected 1/,
  ],
  ['a part without rows', 'a\n1\n2\n', { part: 'test', testFraction: 0 }, /no rows/],
  ['too few rows', 'a\n1\n', { part: 'train' }, /Too few rows/],
])('%s: refused', (_, text, options, message) => {
  const table = readCsv(Buffer.from(text), 't.csv', { plain: true });
  expect(() => finiteDataset('t', table, options)).toThrow(message);
});

test('values that are not finite are refused with their position', () => {
  const values = Float32Array.of(0, 1, 2, 3, 4, 5, 6, Number.NaN);
  const table = { where: 'a.npy', values, count: 2, shape: [2, 2] };
  expect(() => finiteDataset('a', table)).toThrow(
    'a.npy, row 2, element [1, 1]: not a finite number; got NaN',
  );
  const bad = { ...table, values: Float32Array.of(0, Infinity, 2, 3, 4, -Infinity, Infinity, 7) };
  expect(() => finiteDataset('a', bad)).toThrow(
    'row 1, element [0, 1]: not a finite number ' +
      '(3 such values in 2 rows: element [0, 1] 2, element [1, 0] 1); got Infinity',
  );
  expect(() => finiteDataset('a', { ...table, values: values.subarray(0, 0), count: 0 })).toThrow('no data');
});
