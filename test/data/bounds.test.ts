import { describe, expect, test } from 'vitest';
import { boundsOf, endText } from '../../src/data/columns/bounds.ts';
import { withBounds } from '../../src/data/fit-bounds.ts';
import { finiteDataset, parseBounds } from '../../src/data/index.ts';
import { sharedEnds, within } from '../../src/data/units/bounds.ts';
import { tableTransform } from '../../src/data/units/table-transform.ts';
import { normalCdf } from '../../src/math/normal.ts';

const margin = { weights: [1], means: [1], stds: [2] };
const whole = { step: 1, decimals: 0, offset: 0 };
const of = (cell: object) =>
  tableTransform({
    cells: [{ kind: 'number', margin, ...cell }],
    gaussian: { mean: [0], covariance: [1] },
  });
/** Points at the middles of equal shares of N(1, 2²). */
const shares = 20_000;
const points = Float64Array.from({ length: shares }, (_, i) => {
  const z = new Float64Array([0]);
  return of({}).inverse(z.fill(quantile((i + 0.5) / shares)), new Float64Array(1))[0]!;
});
function quantile(p: number): number {
  let [low, high] = [-9, 9];
  while (high - low > 1e-12) {
    const middle = (low + high) / 2;
    if (normalCdf(middle) < p) low = middle;
    else high = middle;
  }
  return low;
}
const shareOf = (values: Float64Array, holds: (value: number) => boolean) =>
  values.filter(holds).length / shares;

describe('samples keep the bounds of their column', () => {
  test('on a grid the end has the whole probability beyond it, and no other value loses any', () => {
    const [free, kept] = [of({ grid: whole }), of({ grid: whole, low: 0, high: 4 })].map(map =>
      map.settle(points.slice()),
    ) as [Float64Array, Float64Array];
    expect(shareOf(free, value => value < 0 || value > 4)).toBeGreaterThan(0.3);
    expect(shareOf(kept, value => value === 0)).toBeCloseTo(normalCdf(0), 3);
    expect(shareOf(kept, value => value === 4)).toBeCloseTo(normalCdf(-1.5), 3);
    for (const value of [1, 2, 3])
      expect(shareOf(kept, one => one === value)).toBe(shareOf(free, one => one === value));
  });

  test('a real number is mirrored: p(x) + p(−x)', () => {
    const kept = of({ low: 0 }).settle(points.slice());
    expect(kept.every(value => value >= 0)).toBe(true);
    const truth = normalCdf(0) - normalCdf(-0.5) + normalCdf(-0.5) - normalCdf(-1);
    expect(shareOf(kept, value => value < 1)).toBeCloseTo(truth, 3);
  });

  test('what is within stays, in every bit', () => {
    for (const isGrid of [true, false])
      expect(within({ low: 0, high: 1 }, isGrid)(0.1 + 0.2)).toBe(0.1 + 0.2);
    expect(within({ low: 0, high: 1 }, false)(-7)).toBe(1);
  });
});

test('ends that a twentieth of the rows share are bounds', () => {
  const column = (zeros: number) => Float64Array.from({ length: 100 }, (_, i) => (i < zeros ? 0 : i));
  expect([sharedEnds(column(4)), sharedEnds(column(5)), sharedEnds(column(100))]).toEqual([
    {},
    { low: 0 },
    {},
  ]);
  expect(sharedEnds(column(50).map(value => -value))).toEqual({ high: -0 });
});

test('the ends of a column are those of all its rows, also of those that validate', () => {
  const values = Float64Array.from({ length: 200 }, (_, i) => (i === 7 ? -371 : i % 2 ? 0 : i));
  const table = { shape: [1], count: 200, values, where: 'x.csv', columns: ['cash'] };
  const how = { scaling: 'gaussian', part: 'train', testFraction: 0, validationFraction: 0.3 } as const;
  for (let seed = 0; seed < 6; seed++) {
    const data = finiteDataset('x', table, { ...how, seed });
    for (const transform of [data.transform, data.transformOfAll!])
      expect(transform.toJSON(), `seed ${seed}`).not.toHaveProperty('cells.0.low');
  }
});

test('bounds are read from a text, for names with commas and for dates too', () => {
  expect(parseBounds('rain>=0, share >= 0,share<=1,"a,b>=-1.5",day<=2020-01-01')).toEqual({
    rain: { low: '0' },
    share: { low: '0', high: '1' },
    'a,b': { low: '-1.5' },
    day: { high: '2020-01-01' },
  });
  expect(parseBounds('"a, b" >= 0,"a, b"<=2,c>=1')).toEqual({
    'a, b': { low: '0', high: '2' },
    c: { low: '1' },
  });
  expect(() => parseBounds('a>=0,a>=-5')).toThrow(/one bound at each end/);
  expect(() => boundsOf('a', undefined, { low: 130, high: 120 })).toThrow(/nothing between/);
  const day = { kind: 'date', step: whole, format: 'DD/MM/YYYY' } as const;
  expect(boundsOf('day', day, { low: '2020-01-02' })).toEqual({ low: 18_263 });
  expect(endText(day, 18_263)).toBe('2020-01-02');
  expect(() => boundsOf('day', day, { low: 'soon' })).toThrow(
    /no date of the column; got "soon"; expected a date such as DD\/MM\/YYYY/,
  );
  expect(() => parseBounds('rain')).toThrow(/no bound of a column; got "rain"/);
});

describe('a bound is read as a question reads the values of its column', () => {
  const day = { kind: 'date', step: whole, format: 'YYYY-MM-DD' } as const;
  const number = { kind: 'number' } as const;
  const at = (text: string) => Date.parse(text) / 86_400_000;

  test('a year and a month mean all their days', () => {
    expect(boundsOf('day', day, { low: '2010', high: '2011' })).toEqual({
      low: at('2010-01-01'),
      high: at('2011-12-31'),
    });
    expect(boundsOf('day', day, { high: '2012-02' })).toEqual({ high: at('2012-02-29') });
    // A number of days since 1970 is no date.
    expect(() => boundsOf('day', day, { low: '14756' })).toThrow(/no date/);
  });

  test('numbers may have their unit, separators of thousands and a percent sign', () => {
    expect(boundsOf('share', number, { high: '100%' }, { style: { suffix: '%' } })).toEqual({ high: 100 });
    expect(boundsOf('t', number, { low: '30 Kg' }, { unit: 'kg' })).toEqual({ low: 30 });
    const price = { style: { prefix: '$', thousands: ',' }, unit: '$' };
    expect(boundsOf('price', number, { high: '$5,000' }, price)).toEqual({ high: 5000 });
    expect(() => boundsOf('weight', number, { low: '110 lb' }, { unit: 'kg' })).toThrow(
      /got "110 lb"; expected a number in kg/,
    );
  });

  test('two ends in one clause, and numbers with commas', () => {
    expect(
      parseBounds('0<=rain<=30,hum in 20..80,price<=$5,000,30>=t>=-1,"a, b" in 1..2,0 <= "c, d"<=1'),
    ).toEqual({
      rain: { low: '0', high: '30' },
      hum: { low: '20', high: '80' },
      price: { high: '$5,000' },
      t: { low: '-1', high: '30' },
      'a, b': { low: '1', high: '2' },
      'c, d': { low: '0', high: '1' },
    });
  });

  test('a row beyond a bound is told with its date', () => {
    const values = Float64Array.of(at('2010-05-27'), at('2012-01-01'));
    const table = { shape: [1], count: 2, values, where: 'x.csv', columns: ['day'], kinds: [day] };
    expect(() => withBounds(table, [{}], { day: { low: '2011' } })).toThrow(/got "2010-05-27"/);
  });
});
