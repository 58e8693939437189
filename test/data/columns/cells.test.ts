import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { dateGrid } from '../../../src/data/columns/dates/grid.ts';
import { formatOf } from '../../../src/data/columns/dates/guess.ts';
import { numberTextOf } from '../../../src/data/columns/number-text.ts';
import { numberStyles } from '../../../src/data/columns/styles.ts';
import type { DecimalMark } from '../../../src/data/formats/text/numerals.ts';
import {
  type ColumnKind,
  cellText,
  cellValue,
  columnKindSchema,
  parseKinds,
  rowsAsObjects,
  rowsAsText,
  type TableLayout,
  tableLayoutSchema,
} from '../../../src/data/index.ts';
import { makeGrid } from '../../../src/data/units/grid.ts';

const days = (text: string) => Date.parse(text) / 86_400_000;

describe('numbers', () => {
  interface Writing {
    readonly cells: readonly string[];
    readonly decimal?: DecimalMark;
    readonly written?: readonly string[];
  }
  test.each<[string, Writing]>([
    ['whole numbers', { cells: ['1', '20', '-3'] }],
    ['a fixed number of decimals', { cells: ['3.0', '-0.5', '12.2'] }],
    ['as few decimals as each needs', { cells: ['18', '2.31', '-0.5'] }],
    ['thousands', { cells: ['1,234', '-12', '1,234,567'] }],
    ['blanks between thousands', { cells: ['1 234', '12 345.5', '7'] }],
    ['dollars', { cells: ['$1,234.50', '-$0.75', '$12.00'] }],
    ['euros behind', { cells: ['1.50€', '-2.25€', '10.00€'] }],
    ['percentages', { cells: ['12%', '-3.5%', '100%'] }],
    ['decimal commas', { cells: ['1,5', '-2,25', '3'], decimal: ',' }],
    ['decimal commas and points between thousands', { cells: ['1.234,50', '-2,25', '3,00'], decimal: ',' }],
    ['many digits', { cells: ['0.1234567890123', '2'] }],
    ['exponents, without them', { cells: ['1e3', '2.5'], written: ['1000', '2.5'] }],
  ])('%s are written as they are read', (_, { cells, decimal = '.', written = cells }) => {
    const read = (cell: string) =>
      numberStyles(decimal)
        .find(one => cells.every(other => one.read(other) !== undefined))!
        .read(cell)!;
    const style = numberTextOf(
      cells,
      numberStyles(decimal).find(one => cells.every(cell => one.read(cell) !== undefined))!,
    );
    expect(cells.map(cell => cellText({ kind: 'number' }, style, read(cell)))).toEqual(written);
    expect(written.map(text => cellValue({ kind: 'number' }, text, { style }))).toEqual(cells.map(read));
  });

  test('of a grid come back as its values, also from points between them', () => {
    const grid = fc
      .record({ step: fc.integer({ min: 1, max: 50 }), decimals: fc.integer({ min: 0, max: 4 }) })
      .chain(form => fc.integer({ min: 0, max: form.step - 1 }).map(offset => ({ ...form, offset })));
    fc.assert(
      fc.property(
        grid,
        fc.integer({ min: -1e6, max: 1e6 }),
        fc.double({ min: -0.4, max: 0.4 }),
        (step, k, u) => {
          const { width } = makeGrid(step);
          const value = (step.offset + k * step.step) / 10 ** step.decimals + 0;
          const kind: ColumnKind = { kind: 'grid', step };
          const text = cellText(kind, { decimals: step.decimals }, value + (Number.isNaN(u) ? 0 : u) * width);
          expect(cellValue(kind, text)).toBe(value);
        },
      ),
    );
  });
});

describe('dates', () => {
  test.each([
    ['YYYY-MM-DD', ['2012-01-01', '1854-12-31']],
    ['YYYY/MM/DD HH:mm', ['2001/01/01 00:47', '2001/12/30 23:05']],
    ['YYYY-MM-DDTHH:mm:ss.SSSZ', ['2000-01-01T08:00:00.125Z', '2000-02-01T23:59:59.999Z']],
    ['DD/MM/YYYY', ['03/04/2012', '25/04/2012']],
    ['M/D/YY H:mm', ['1/8/90 0:00', '12/25/99 13:05']],
    ['DD.MM.YYYY', ['03.04.2012', '01.02.1999']],
    ['MMM D YYYY', ['Jan 1 2000', 'Dec 31 1999']],
    ['MMMM D, YYYY', ['January 1, 2000', 'May 31, 1999']],
    ['D-MMM-YY', ['1-Jan-70', '15-Dec-09']],
    ['ddd, DD MMM YYYY HH:mm:ss', ['Thu, 01 Jan 1970 00:00:00', 'Sat, 01 Jan 2000 12:00:00']],
    ['HH:mm', ['08:15', '23:59']],
    ['h:mm A', ['8:15 AM', '12:05 PM', '12:00 AM']],
    ['YYYY-MM', ['1999-12', '2000-01']],
  ])('%s is detected, read and written', (format, cells) => {
    const found = formatOf(cells)!;
    expect(found.text).toBe(format);
    const step = dateGrid(cells.map(cell => found.read(cell)!));
    const kind: ColumnKind = { kind: 'date', step, format: found.text };
    const values = cells.map(cell => cellValue(kind, cell));
    expect(values.map(makeGrid(step).meant)).toEqual(values);
    expect(values.map(value => cellText(kind, undefined, value))).toEqual(cells);
  });

  test('are days since 1970, with the time as a fraction, and offsets counted to UTC', () => {
    const kind: ColumnKind = { kind: 'date', step: dateGrid([0]), format: 'YYYY-MM-DD' };
    for (const text of ['2012-02-29', '2012-02-29T18:00:00Z', '1900-03-01', '0099-01-01'])
      expect(cellValue(kind, text)).toBe(days(text));
    expect(cellValue(kind, '2012-02-29T01:30+02:00')).toBe(days('2012-02-28T23:30:00Z'));
    for (const text of ['2013-02-29', '2012-13-01', 'soon'])
      expect(() => cellValue(kind, text)).toThrow('not a date');
  });

  test('the whole column decides which part is the day and which the month', () => {
    expect(formatOf(['3/4/2012', '13/4/2012'])!.text).toBe('D/M/YYYY');
    expect(formatOf(['3/4/2012', '4/13/2012'])!.text).toBe('M/D/YYYY');
    expect(formatOf(['a word', 'another', '3/4/2012'])).toBeUndefined();
    expect(formatOf(['10.0.10.12', '5-7', '3 of 4'])).toBeUndefined();
  });

  test('their grid is as coarse as the dates allow', () => {
    const week = Array.from({ length: 12 }, (_, i) => 4 + 7 * i);
    expect(dateGrid(week)).toEqual({ step: 7, decimals: 0, offset: 4 });
    expect(dateGrid(week.slice(0, 3))).toEqual({ step: 1, decimals: 0, offset: 0 });
    expect(dateGrid([1 / 24, 5, Number.NaN])).toEqual({ step: 1, decimals: 0, offset: 0, parts: 24 });
    expect(dateGrid([days('2000-01-01T08:00:01Z')]).parts).toBe(86_400);
  });
});

describe('categories', () => {
  const sizes: ColumnKind = { kind: 'category', names: ['4', '6', 'None'], counts: [3, 2, 1] };
  const rare: ColumnKind = { kind: 'category', names: ['oak', 'other'], counts: [9, 4], other: true };
  const married: ColumnKind = { kind: 'yes-no', names: ['No', 'Yes'] };

  test('are the positions of their names, in any spelling', () => {
    expect(['4', 4, '4.0', '6', 'none'].map(cell => cellValue(sizes, cell))).toEqual([0, 0, 0, 1, 2]);
    expect(['Yes', 'no', 'true', 0, 'f'].map(cell => cellValue(married, cell))).toEqual([1, 0, 1, 0, 0]);
    expect([0, 1, 2].map(code => cellText(sizes, undefined, code))).toEqual(['4', '6', 'None']);
    expect(['', 'NA', '?', Number.NaN].map(cell => cellValue(sizes, cell))).toEqual(
      Array(4).fill(Number.NaN),
    );
  });

  test('an unknown one is refused with a list of the known ones, or counts as one of the rare ones', () => {
    expect(() => cellValue(sizes, '5', { where: 'row 3' })).toThrow(
      /row 3: Unknown category "5"; .*"4", "6", "None"/,
    );
    expect(() => cellValue(married, 'perhaps')).toThrow(/"No", "Yes"/);
    expect(cellValue(rare, 'elm')).toBe(1);
    expect(cellValue(rare, '')).toBeNaN();
  });
});

test('the values of a grid are on it, and any other value is refused', () => {
  const kind: ColumnKind = { kind: 'grid', step: { step: 1, decimals: 1, offset: 0 } };
  expect([cellValue(kind, '0.3'), cellValue(kind, 0.3), cellValue(kind, '$1,000')]).toEqual([0.3, 0.3, 1000]);
  expect([cellValue(kind, '5.099999904632568'), cellValue(kind, Math.fround(0.7))]).toEqual([5.1, 0.7]);
  expect(() => cellValue(kind, 0.35)).toThrow(/between the steps.*0\.35.*steps of 0\.1/);
  for (const cell of ['tall', 'inf', Infinity, '1e999'])
    expect(() => cellValue({ kind: 'number' }, cell)).toThrow('not a finite number');
});

describe('rows', () => {
  const kinds: readonly ColumnKind[] = [
    { kind: 'number' },
    { kind: 'yes-no', names: ['false', 'true'] },
    { kind: 'category', names: ['a, b', 'say "c"'], counts: [1, 1] },
    { kind: 'date', step: { step: 1, decimals: 0, offset: 0 }, format: 'YYYY-MM-DD' },
  ];
  const layout: TableLayout = [
    { name: 'id', role: 'ignored', reason: 'all different' },
    { name: 'when', role: 'modelled', index: 3 },
    { name: 'unit', role: 'constant', text: 'cm' },
    {
      name: 'price',
      role: 'modelled',
      index: 0,
      style: { prefix: '$', thousands: ',', decimals: 2, fixed: true },
    },
    { name: 'class', role: 'label' },
    { name: 'ok', role: 'modelled', index: 1 },
    { name: 'what', role: 'modelled', index: 2 },
  ];
  const values = [1234.5, 1, 0, 1, Number.NaN, 0, 1, Number.NaN];
  const label = (row: number) => `k${row}`;

  test('are written in the order and the style of the file', () => {
    expect([...rowsAsText(layout, kinds, values, 'csv')].join('')).toBe(
      'when,unit,price,ok,what\n1970-01-02,cm,"$1,234.50",true,"a, b"\n,cm,,false,"say ""c"""\n',
    );
    expect([...rowsAsText(layout, kinds, values, 'tsv', { label })].join('')).toBe(
      'when\tunit\tprice\tclass\tok\twhat\n1970-01-02\tcm\t$1,234.50\tk0\ttrue\ta, b\n\tcm\t\tk1\tfalse\t"say ""c"""\n',
    );
    const lines = [...rowsAsText(layout, kinds, values, 'jsonl')].join('').trim().split('\n');
    expect(lines.map(line => JSON.parse(line))).toEqual(rowsAsObjects(layout, kinds, values));
    expect(rowsAsObjects(layout, kinds, values, { label })).toEqual([
      { when: '1970-01-02', unit: 'cm', price: 1234.5, class: 'k0', ok: true, what: 'a, b' },
      { when: null, unit: 'cm', price: null, class: 'k1', ok: false, what: 'say "c"' },
    ]);
  });

  test('a configuration keeps kinds and layouts', () => {
    const kept = JSON.parse(JSON.stringify({ kinds, layout }));
    expect(kept.kinds.map((kind: unknown) => columnKindSchema.parse(kind))).toEqual(kinds);
    expect(tableLayoutSchema.parse(kept.layout)).toEqual(layout);
    expect(columnKindSchema.safeParse({ kind: 'category', names: ['a', 'b'], counts: [1] }).success).toBe(
      false,
    );
  });
});

test('kinds are written as a line of CSV', () => {
  expect(parseKinds('age=number, zip=category,"a,b=c=date",p0..p9=grid,id=ignore')).toEqual({
    age: 'number',
    zip: 'category',
    'a,b=c': 'date',
    'p0..p9': 'grid',
    id: 'ignore',
  });
  expect(() => parseKinds('age')).toThrow('COLUMN=KIND');
  expect(() => parseKinds('age=categroy')).toThrow(/Did you mean "category"/);
});
