import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { sentinelsOf } from '../../../src/data/columns/infer/sentinels.ts';
import { kindsOn } from '../../../src/data/columns/modelled.ts';
import { readCsv, rowsAsText } from '../../../src/data/index.ts';
import { wholeNumbers } from '../../../src/data/units/grid.ts';

const csv = (cells: readonly string[], mark = ';') =>
  Buffer.from(['name', ...cells].map(cell => `${cell}${mark}x`).join('\n'));
const read = (cells: readonly string[]) =>
  readCsv(csv(cells), 't.csv', { delimiter: ';', header: true, columns: ['name'], constants: true });

/** How a column is written, and the numbers that it means. */
const WRITTEN: readonly (readonly [string, readonly string[], readonly number[], RegExp])[] = [
  ['accounts in brackets', ['(1,234.50)', '20.00', '(7.25)'], [-1234.5, 20, -7.25], /\(5\) as -5/],
  ['money in brackets', ['($1,234)', '$20', '($7)'], [-1234, 20, -7], /\$5 as 5/],
  ['narrow blanks', ['50\u202f123,45', '9\u202f000,10', '7,35'], [50_123.45, 9000.1, 7.35], /1\.234 as 1234/],
  ['a unit after a blank', ['70.1 kg', '-3.5 kg', '1,200.0 kg'], [70.1, -3.5, 1200], /70\.1 kg as 70\.1/],
  ['a unit without a blank', ['170cm', '165cm', '181cm'], [170, 165, 181], /170cm as 170/],
  [
    'money by its code',
    ['USD 34.55', 'USD -7.00', 'USD 1,000.10'],
    [34.55, -7, 1000.1],
    /USD 34\.55 as 34\.55/,
  ],
  ['degrees', ['21.5 °C', '-3.0 °C', '7.5 °C'], [21.5, -3, 7.5], /°C as 21\.5/],
];

describe.each(WRITTEN)('a column with %s', (_name, cells, numbers, remark) => {
  const table = read(cells);

  test('is read as numbers, and says so', () => {
    expect([...table.values]).toEqual(numbers);
    expect(table.notes?.join('\n')).toMatch(remark);
  });

  test('is written as it was', () => {
    const text = [...rowsAsText(table.layout!, table.kinds!, table.values, 'tsv')].join('');
    expect(text.trim().split('\n').slice(1)).toEqual(cells);
  });
});

test.each([
  ['codes', ['A12', 'A13', 'A17']],
  ['numbered types', ['Type 1', 'Type 2', 'Type 3']],
  ['two units', ['3 kg', '5 lb', '7 kg']],
])('%s are no numbers with a unit', (_name, cells) => {
  const many = Array.from({ length: 12 }, (_, i) => cells[i % 3]!);
  expect(read(many).kinds).toMatchObject([{ kind: 'category' }]);
});

describe('names in several spellings are one', () => {
  const repeated = (names: readonly string[]) =>
    Array.from({ length: 24 }, (_, i) => names[i % names.length]!);

  test.each([
    ['letter cases', ['Paris', 'Rome', 'paris', 'Paris', 'ROME', 'Oslo'], ['Oslo', 'Paris', 'Rome']],
    ['words for yes and no, and numbers', ['TRUE', 'false', '1', '0', 'TRUE', 'false'], ['TRUE', 'false']],
    ['one value of a number', ['a', '4', '4.0', 'b', 'b', 'a'], ['4', 'a', 'b']],
  ])('%s', (_name, cells, names) => {
    const table = read(repeated(cells));
    expect(table.kinds).toMatchObject([{ names: expect.arrayContaining(names) }]);
    expect(new Set(table.values).size).toBe(names.length);
    expect([...table.values].some(Number.isNaN)).toBe(false);
    expect(table.notes?.join('\n')).toMatch(/names in several spellings.*--kinds name=category/);
  });

  test('unless each name is asked for', () => {
    const kinds = { name: 'category' } as const;
    const cells = repeated(['Paris', 'paris', 'Rome']);
    const table = readCsv(csv(cells), 't.csv', { delimiter: ';', header: true, columns: ['name'], kinds });
    expect(table.kinds).toMatchObject([{ names: ['Paris', 'Rome', 'paris'] }]);
  });
});

describe('numbers that stand for no value', () => {
  const values = (extra: readonly number[]) =>
    Float64Array.from([...Array.from({ length: 20 }, (_, i) => 15 + (i % 7)), ...extra]);

  test.each([
    ['-999 in two rows', [-999, -999], [-999]],
    ['-99 and -999', [-99, -99, -999, -999], [-999, -99]],
    ['at the upper end', [9999, 9999, 9999], [9999]],
    ['one row only', [-999], []],
    ['not only nines', [-998, -998], []],
    ['no farther than the others are apart', [9, 9], []],
    ['within the others', [99, 99, 400], []],
  ])('%s', (_name, extra, found) => {
    expect(sentinelsOf(values(extra))).toEqual(found);
  });

  test('no column without a gap has any (seeded)', () => {
    fc.assert(
      fc.property(
        fc.array(fc.integer({ min: -120, max: 120 }), { minLength: 30, maxLength: 60 }),
        numbers => {
          const dense = Float64Array.from([...numbers, -120, 120, 0]);
          expect(sentinelsOf(dense)).toEqual([]);
        },
      ),
    );
  });

  test('are missing in the table, in data that are opened as its kinds, and told', () => {
    const cells = Array.from({ length: 30 }, (_, i) => (i % 10 === 3 ? '-999' : String(15 + (i % 7) / 2)));
    const table = read(cells);
    expect(table.kinds).toMatchObject([{ missing: [-999] }]);
    expect(table.notes?.join('\n')).toMatch(
      /taken as missing: "name" -999\. Keep them with --kinds name=number/,
    );
    expect([...table.values].filter(Number.isNaN)).toHaveLength(3);
    const again = readCsv(csv(['-999', '17']), 't.csv', {
      delimiter: ';',
      kinds: { name: table.kinds![0]! },
    });
    expect([again.values[0], again.values[1]]).toEqual([Number.NaN, 17]);
    const kept = readCsv(csv(cells), 't.csv', {
      delimiter: ';',
      columns: ['name'],
      kinds: { name: 'number' },
    });
    expect([...kept.values]).toContain(-999);
  });
});

describe('what must not be misread', () => {
  test('three decimals with a leading 0 are no thousands, beside a column of decimal commas', () => {
    const rows = Array.from({ length: 30 }, (_, i) => `"${40 + i},2",${i % 3 ? '' : '-'}0.${100 + i}`);
    const table = readCsv(Buffer.from(['dec,zz', ...rows].join('\n')), 't.csv');
    expect([...table.values.slice(0, 6)]).toEqual([40.2, -0.1, 41.2, 0.101, 42.2, 0.102]);
  });

  test('one cell of another unit is missing, and the others stay, in data opened as known kinds', () => {
    const kinds = { name: { kind: 'number' } } as const;
    const table = readCsv(csv(['70.0 kg', '150 lb', '71.0 kg']), 't.csv', {
      delimiter: ';',
      header: true,
      kinds,
    });
    expect([table.values[0], table.values[1], table.values[2]]).toEqual([70, Number.NaN, 71]);
  });

  test('minus is a name beside plus, and names that differ in case alone stay apart', () => {
    for (const [names, cells] of [
      [
        ['+', '-'],
        ['+', '-', '-', '+'],
      ],
      [
        ['A/A', 'a/A'],
        ['a/A', 'A/A', 'A/A', 'a/A'],
      ],
    ]) {
      const table = read(Array.from({ length: 24 }, (_, i) => cells![i % 4]!));
      expect(table.kinds).toMatchObject([{ kind: 'yes-no', names }]);
      expect([...table.values].some(Number.isNaN)).toBe(false);
    }
  });

  test('data on a grid keep the numbers that stand for no value', () => {
    const cells = Array.from({ length: 40 }, (_, i) => (i % 10 === 3 ? '-999' : String(15 + (i % 7))));
    const { kinds } = read(cells);
    for (const grid of [undefined, wholeNumbers])
      expect(kindsOn(kinds!, [grid])).toMatchObject([{ missing: [-999] }]);
  });
});

test('words among numbers with a unit stand for no value, unless they are most cells', () => {
  const cells = (bad: number) =>
    Array.from({ length: 60 }, (_, i) => (i % 60 < bad ? 'ERR' : `${(20 + Math.sin(i)).toFixed(2)}°C`));
  const { values, kinds, notes } = read(cells(6));
  expect(kinds).toMatchObject([{ kind: 'number' }]);
  expect(values.filter(Number.isNaN)).toHaveLength(6);
  expect(notes!.join('\n')).toMatch(/cells of another kind, taken as missing: "name" 6, first "ERR"/);
});

test('lines of a label and its value above a table are no rows of it', () => {
  const rows = Array.from(
    { length: 30 },
    (_, i) => `${String(1 + (i % 28)).padStart(2, '0')}.01.2024;${i},${i}5;x${i % 3};${i * i}`,
  );
  const text = ['Konto;DE12', 'Zeitraum;01.01.2024 - 31.12.2024', '', 'Tag;Betrag;Zweck;Saldo', ...rows].join(
    '\n',
  );
  const { columns, count, values } = readCsv(Buffer.from(text), 't.csv');
  expect([columns, count, values[1]]).toEqual([['Tag', 'Betrag', 'Zweck', 'Saldo'], 30, 0.05]);
});
