import { expect, test } from 'vitest';
import { given } from '../../src/measure/columns.ts';
import { parseGiven } from '../../src/measure/text/parse.ts';
import type { ModelConfig } from '../../src/run/folder/config.ts';
import { spaceOf } from '../../src/run/use/given/question.ts';

/** A table whose file has units, words for yes and no, names, a class of rare names, dates and money. */
const config = {
  data: {
    shape: [7],
    columns: ['weight', 'active', 'city', 'kind', 'month', 'day', 'price'],
    kinds: [
      { kind: 'number' },
      { kind: 'yes-no', names: ['false', 'TRUE'] },
      { kind: 'category', names: ['Paris', 'Rome'], counts: [5, 5] },
      { kind: 'category', names: ['a', 'b', 'other'], counts: [5, 5, 5], other: true },
      { kind: 'date', format: 'YYYY-MM', step: { step: 1, decimals: 0, offset: 0 } },
      { kind: 'date', format: 'D/M/YYYY', step: { step: 1, decimals: 0, offset: 0 } },
      { kind: 'grid', step: { step: 1, decimals: 0, offset: 0 } },
    ],
    layout: [
      { name: 'weight', role: 'modelled', index: 0, style: { suffix: ' kg', decimals: 1 } },
      { name: 'price', role: 'modelled', index: 6, style: { prefix: '$', thousands: ',', decimals: 0 } },
    ],
  },
} as unknown as ModelConfig;
const ask = (text: string) => parseGiven(text, spaceOf(config).columns!);

test.each([
  ['weight=70.5 kg', { kind: 'value', column: 0, value: 70.5 }],
  ['weight=70.5kg', { kind: 'value', column: 0, value: 70.5 }],
  ['weight=70.5', { kind: 'value', column: 0, value: 70.5 }],
  ['weight>70 kg', { kind: 'range', low: 70 }],
  ['active=yes', { kind: 'word', column: 1, word: 1 }],
  ['active=0', { kind: 'word', column: 1, word: 0 }],
  ['city=paris', { kind: 'word', column: 2, word: 0 }],
  ['kind=other', { kind: 'word', column: 3, word: 2 }],
])('a question may be written as the file is: %s', async (text, clause) => {
  expect(await ask(text)).toMatchObject([clause]);
});

test.each(['weight=70±1 kg', 'weight=70 kg±1 kg', 'weight=70 kg +- 1', 'weight = 70 ± 1kg'])(
  'an error may have the unit of its column: %s',
  async text => {
    expect(await ask(text)).toMatchObject([{ kind: 'value', column: 0, value: 70, std: 1 }]);
  },
);

test('an error is off the steps of its column, and that of a date is in days', async () => {
  expect(await ask('price=$200±$0.5')).toMatchObject([{ value: 200, std: 0.5 }]);
  expect(await ask('day=3/12/2011±2 days')).toMatchObject([{ value: day('2011-12-03'), std: 2 }]);
  await expect(ask('weight=70±10%')).rejects.toThrow(/not in percent/);
});

test('no remedy leaves an error out', async () => {
  for (const text of ['weight=70±1 lb', 'weight=70±heavy', 'month=2011±0.5', 'weight=70±1±2'])
    expect(String(await ask(text).catch(error => error)), text).not.toMatch(/--given/);
  await expect(ask('weight=70±1 lb')).rejects.toThrow(/"weight" is in kg/);
  await expect(ask('month=2011±0.5')).rejects.toThrow(/2011 means many values of month.*write month=2011/);
  await expect(ask('month in 2011')).rejects.toThrow(/--given month=2011/);
});

test('a name may leave out its unit, where one column has it', async () => {
  const { data } = config;
  const named = (...columns: string[]) =>
    spaceOf({
      data: { ...data, shape: [2], columns, kinds: data.kinds!.slice(0, 1).concat(data.kinds![0]!) },
    } as never).columns!;
  expect(await parseGiven('height=170', named('height_cm', 'weight'))).toMatchObject([
    { column: 0, value: 170 },
  ]);
  expect(await parseGiven('2*height<3', named('weight', 'height [cm]'))).toMatchObject([{ kind: 'range' }]);
  expect(await parseGiven('height=170', named('height_cm', 'height'))).toMatchObject([{ column: 1 }]);
  await expect(parseGiven('height=170', named('height_cm', 'height [kg]'))).rejects.toThrow(/no column/);
});

test('a column that the run left out is told as that', async () => {
  const layout = [
    { name: 'Order ID', role: 'ignored', reason: 'an identifier' },
    { name: 'planet', role: 'constant', text: 'Earth' },
  ];
  const space = spaceOf({ data: { ...config.data, layout } } as never);
  for (const text of ['Order ID=ORD-1', '"Order ID">3', 'weight+"Order ID"=2', 'Order ID in 1..2'])
    await expect(given(text).on(space), text).rejects.toThrow(
      /left out the column "Order ID" \(an identifier\)/,
    );
  await expect(given('planet=Mars').on(space)).rejects.toThrow(/"planet" \(every row has Earth\)/);
  await expect(given('zzzz=1').on(space)).rejects.toThrow(/columns: weight, .*, price;/);
});

test('an unknown name is none of the rare ones', async () => {
  await expect(ask('kind=c')).rejects.toThrow(/"kind" has no word "c"/);
  await expect(ask('city=Parys')).rejects.toThrow(/did you mean Paris/);
});

const day = (text: string) => Date.parse(text) / 86_400_000;
const march = { low: day('2011-03-01'), high: day('2011-04-01') };
test.each([
  ['month=2011-03', { ...march, strict: [false, true] }],
  ['month=2011', { low: day('2011-01-01'), high: day('2012-01-01'), strict: [false, true] }],
  ['month in 2011-03..2011-03', { ...march, strict: [false, true] }],
  ['month between 2011-01 and 2011-03', { low: day('2011-01-01'), high: march.high, strict: [false, true] }],
  ['month>2011-03', { low: march.high, high: Infinity, strict: [false, false] }],
  ['month>=2011-03', { low: march.low, high: Infinity, strict: [false, false] }],
  ['month<2011-03', { low: -Infinity, high: march.low, strict: [false, true] }],
  ['month<=2011-03', { low: -Infinity, high: march.high, strict: [false, true] }],
  ['2011-03<=month<2012', { low: march.low, high: day('2012-01-01'), strict: [false, true] }],
  ['2012>month>2011-02', { ...march, high: day('2012-01-01'), strict: [false, true] }],
  ['day=Mar 2011', { ...march, strict: [false, true] }],
  ['day=2011', { low: day('2011-01-01'), high: day('2012-01-01') }],
  ['day>3/12/2011', { low: day('2011-12-03'), strict: [true, false] }],
])('a month and a year are all their days: %s', async (text, clause) => {
  expect(await ask(text)).toMatchObject([{ kind: 'range', ...clause }]);
});

test('a day is one value, and a range with equal ends too', async () => {
  expect(await ask('day=3/12/2011')).toMatchObject([{ kind: 'value', value: day('2011-12-03'), std: 0 }]);
  expect(await ask('day in 3/12/2011..3/12/2011')).toMatchObject([{ kind: 'value', std: 0 }]);
  expect(await ask('weight in 0..0')).toMatchObject([{ kind: 'value', column: 0, value: 0, std: 0 }]);
  expect(await ask('0 <= weight <= 0')).toMatchObject([{ kind: 'value', column: 0, value: 0, std: 0 }]);
  expect(await ask('2*weight in 1..1')).toMatchObject([{ kind: 'formula', value: 1, std: 0 }]);
  await expect(ask('0 < weight <= 0')).rejects.toThrow(/leaves nothing/);
  await expect(ask('weight in 1..0')).rejects.toThrow(/leaves nothing/);
});

test('ends that two ranges share contradict one another where one excludes them', async () => {
  await expect(ask('month=2011-03, month=2011-04')).rejects.toThrow(/contradicts/);
  await expect(ask('weight>1, weight=1')).rejects.toThrow(/contradicts/);
  expect(await ask('weight>=1, weight=1')).toHaveLength(2);
});

test('a number in another unit is told', async () => {
  await expect(ask('weight=70 lb')).rejects.toThrow(/"weight=70 lb": "weight" is in kg/);
  await expect(ask('weight>70 lb')).rejects.toThrow(/"weight" is in kg/);
  await expect(ask('weight in 70lb..80lb')).rejects.toThrow(/"weight" is in kg/);
  await expect(ask('price=€5')).rejects.toThrow(/"price" is in \$/);
  await expect(ask('month=soon')).rejects.toThrow(/"month" holds dates, written as YYYY-MM/);
});

test('commas between thousands are read where the column is written so', async () => {
  expect(await ask('price=$2,000')).toMatchObject([{ kind: 'value', column: 6, value: 2000 }]);
  expect(await ask('price=2,000,000, weight>1')).toMatchObject([{ value: 2e6 }, { low: 1 }]);
  expect(await ask('1,000<price<$2,500')).toMatchObject([{ kind: 'range', low: 1000, high: 2500 }]);
  expect(await ask('price in $1,000..$2,000')).toMatchObject([{ kind: 'range', low: 1000, high: 2000 }]);
  expect(await ask('price=1,100<weight')).toMatchObject([{ value: 1 }, { low: 100 }]);
  await expect(ask('weight=2,000')).rejects.toThrow(/"000" compares nothing/);
});

test('a month of a column of months is one value, which may have an error', async () => {
  const [march] = await ask('month=2011-03±20');
  expect(march).toMatchObject({ kind: 'value', value: day('2011-03-01'), std: 20 });
  await expect(ask('day=2011-03±20')).rejects.toThrow(/means many values of day/);
});

/** The same table with heights in cm and a share in percent. */
const measured = {
  data: {
    shape: [3],
    columns: ['height_cm', 'weight [kg]', 'share'],
    kinds: [
      { kind: 'number' },
      { kind: 'number' },
      { kind: 'grid', step: { step: 1, decimals: 0, offset: 0 } },
    ],
    layout: [{ name: 'share', role: 'modelled', index: 2, style: { suffix: '%', decimals: 0 } }],
  },
} as unknown as ModelConfig;

test.each([
  ['height_m=1.7', /"height_cm" is in cm.*given height_cm=170$/],
  ['1.6<height_m<1.7', /given '160<height_cm<170'$/],
  ['height_m=1.7±0.1', /given 'height_cm=170±10'$/],
  ['weight_g in 70000..80000', /given '"weight \[kg\]" in 70\.\.80'$/],
  ['weight_lb=100', /"weight \[kg\]" is in kg.*=45\.3592'$/],
  ['height=1.7 m', /"height_cm" is in cm.*given height=170$/],
  ['share=0.15', /"share" is in percent.*given share=15$/],
])('%s names the unit of the column, and the value to ask', async (text, says) => {
  await expect(parseGiven(text, spaceOf(measured).columns!)).rejects.toThrow(says);
});

test('a number that cannot be converted has no remedy', async () => {
  for (const text of ['height_m+share=3', 'height_kg=3', 'weight=70±1 lb', 'height in 1 m..2 m']) {
    const message = String(await parseGiven(text, spaceOf(measured).columns!).catch(error => error));
    expect(message, text).not.toMatch(/--given/);
    expect(message, text).not.toMatch(/did you mean/);
  }
});
