import { describe, expect, test } from 'vitest';
import {
  type ColumnKind,
  type CsvOptions,
  finiteDataset,
  type KindChoices,
  parseKinds,
  readCsv,
  rowsAsObjects,
  rowsAsText,
  type Table,
  tableOfRows,
} from '../../../src/data/index.ts';

const ROWS = Array.from({ length: 60 }, (_, i) => i);
const pick = <T>(list: readonly T[], i: number): T => list[(i * i + (i >> 2)) % list.length]!;
const real = (i: number) => Math.sin(1.7 * i + i * i);
/** A table whose only columns are a real one, `x`, and these. */
const file = (columns: Readonly<Record<string, (i: number) => string | number>>, rows = ROWS) =>
  [
    ['x', ...Object.keys(columns)].join(','),
    ...rows.map(i => [real(i), ...Object.values(columns).map(cell => cell(i))].join(',')),
    '',
  ].join('\n');
const read = (text: string, options: CsvOptions = {}) =>
  readCsv(Buffer.from(text), 't.csv', { constants: false, ...options });
const roleOf = ({ layout }: Table, name: string) => layout!.find(column => column.name === name)!;
const kindOf = ({ columns, kinds }: Table, name: string) => kinds![columns!.indexOf(name)];

const day = (i: number) => new Date(86_400_000 * (10_957 + 5 * i)).toISOString().slice(0, 10);
const LETTERS = [...'abcdefghijklmnopqrstuvwxyz'];

describe('the kind of a column', () => {
  test.each<[string, (i: number) => string | number, Partial<ColumnKind>]>([
    ['real numbers', i => real(i + 99), { kind: 'number' }],
    [
      'numbers of several digits, whose steps are mostly empty',
      i => ((7919 * i) % 9973) / 1000,
      { kind: 'number' },
    ],
    ['whole numbers', i => (i * 7) % 23, { kind: 'grid', step: { step: 1, decimals: 0, offset: 0 } }],
    ['years', i => 1990 + (i % 31), { kind: 'grid', step: { step: 1, decimals: 0, offset: 0 } }],
    [
      'thousands',
      i => 1000 * pick([1, 2, 3, 5, 8], i),
      { kind: 'grid', step: { step: 1000, decimals: 0, offset: 0 } },
    ],
    ['tenths', i => ((i * 7) % 23) / 10, { kind: 'grid', step: { step: 1, decimals: 1, offset: 0 } }],
    ['quarters', i => 0.25 * ((i * 7) % 13), { kind: 'grid', step: { step: 25, decimals: 2, offset: 0 } }],
    ['dollars', i => `$${(i * 7) % 23}`, { kind: 'grid', step: { step: 1, decimals: 0, offset: 0 } }],
    ['a few numbers', i => pick([4, 6, 8], i), { kind: 'grid', step: { step: 1, decimals: 0, offset: 0 } }],
    ['two numbers', i => pick([2, 1], i), { kind: 'yes-no', names: ['1', '2'] }],
    ['two words', i => pick(['yes', 'no'], i), { kind: 'yes-no', names: ['no', 'yes'] }],
    ['truths', i => pick(['true', 'false'], i), { kind: 'yes-no', names: ['false', 'true'] }],
    ['words', i => pick(['red', 'green', 'blue'], i), { kind: 'category', names: ['blue', 'green', 'red'] }],
    ['codes', i => pick(['007', '010', '100'], i), { kind: 'category', names: ['007', '010', '100'] }],
    ['words that say nothing', i => pick(['None', 'few', 'many'], i), { names: ['None', 'few', 'many'] }],
    ['days', day, { kind: 'date', format: 'YYYY-MM-DD', step: { step: 5, decimals: 0, offset: 2 } }],
    ['days without marks', i => day(i).replaceAll('-', ''), { kind: 'date', format: 'YYYYMMDD' }],
    ['times', i => `${day(i)} 0${i % 10}:30`, { kind: 'date', format: 'YYYY-MM-DD HH:mm' }],
  ])('%s', (_, cell, kind) => {
    expect(kindOf(read(file({ c: cell })), 'c')).toMatchObject(kind);
    // Missing cells change nothing but the counts.
    const holes = read(file({ c: i => (i % 11 === 5 ? pick(['', 'NA', 'null', '?', '-'], i) : cell(i)) }));
    expect(kindOf(holes, 'c')).toMatchObject(kind);
    const codes = ROWS.map(i => holes.values[2 * i + 1]!);
    expect(codes.map(Number.isNaN)).toEqual(ROWS.map(i => i % 11 === 5));
  });

  test.each<[string, string, (i: number) => string | number, RegExp]>([
    ['names of rows', 'name', i => `row ${i}`, /all different/],
    ['numbers of rows', 'n', i => i + 1, /identifier/],
    ['an identifier', 'customer_id', i => 1000 + ((i * 37) % 1009), /identifier/],
    ['free text', 'note', i => `seen ${Math.max(9, i)} times`, /hardly repeat/],
    ['rare names', 'city', i => `town ${i % 29}`, /29 texts, most of them rare/],
    ['nothing', 'gone', () => '', /empty/],
    ['one word among nothing', 'flag', i => (i % 3 ? '' : 'x'), /one text/],
  ])('%s: left out, with a remark', (_, name, cell, reason) => {
    const table = read(file({ [name]: cell }));
    expect(table.columns).toEqual(['x']);
    expect(roleOf(table, name)).toMatchObject({ role: 'ignored', reason: expect.stringMatching(reason) });
    expect(table.notes!.filter(note => note.includes(`left out: "${name}"`))).toHaveLength(1);
  });

  test('constant columns are kept for what is written', () => {
    const table = read(file({ unit: () => 'cm', version: () => '1.50' }));
    expect(table.columns).toEqual(['x']);
    expect([roleOf(table, 'unit'), roleOf(table, 'version')]).toMatchObject([
      { role: 'constant', text: 'cm' },
      { role: 'constant', text: '1.50' },
    ]);
    expect(table.notes!.join()).toContain('constant, written back and not modelled: "unit", "version"');
  });

  test('rare names share a class, and a later one joins them', () => {
    const many = Array.from({ length: 500 }, (_, i) => i);
    const name = (i: number) => (i % 5 === 0 ? `rare ${i}` : LETTERS[i % 22]!);
    const kind = kindOf(read(file({ c: name }, many)), 'c')!;
    expect(kind).toMatchObject({ kind: 'category', other: true });
    const { names, counts } = kind as Extract<ColumnKind, { kind: 'category' }>;
    expect(names.at(-1)).toBe('other');
    expect(counts.reduce((a, b) => a + b)).toBe(500);
    expect(read(file({ c: () => 'never seen' }), { kinds: { c: kind } }).values[1]).toBe(names.length - 1);
  });
});

describe('what is said of columns', () => {
  const text = file({
    zip: i => 10_000 + (i % 4),
    id: i => i + 1,
    when: i => `0${(i % 9) + 1}/04/2020`,
    s: i => pick(['a', 'b', 'c'], i),
  });

  test('decides, by name or range', () => {
    const kinds = parseKinds('zip=category,id=number,when..s=ignore');
    const table = read(text, { kinds });
    expect(table.columns).toEqual(['x', 'zip', 'id']);
    expect(table.kinds!.map(({ kind }) => kind)).toEqual(['number', 'category', 'number']);
  });

  test.each<[string, KindChoices, RegExp]>([
    ['an unknown column', { zap: 'number' }, /Unknown column "zap". Did you mean "zip"/],
    ['no numbers', { s: 'number' }, /column "s".*kind "number".*no number/],
    ['no steps', { x: 'grid' }, /column "x".*kind "grid".*many decimals/],
    ['no dates', { s: 'date' }, /column "s".*kind "date"/],
    ['three values', { s: 'yes-no' }, /3 different values.*expected two/],
  ])('%s: refused', (_, kinds, message) => {
    expect(() => read(text, { kinds })).toThrow(message);
  });

  test('by a run, gives new rows the codes of the run', () => {
    const first = read(file({ s: i => pick(['a', 'b', 'c'], i), t: i => pick(['no', 'yes'], i) }));
    const kinds = Object.fromEntries(first.columns!.map((name, d) => [name, first.kinds![d]!]));
    const again = read('x,s,t\n1,c,Yes\n2,C,0\n,b,\n', { kinds });
    expect(again.kinds).toEqual(first.kinds);
    expect([...again.values]).toEqual([1, 2, 1, 2, 2, 0, Number.NaN, 1, Number.NaN]);
    expect(() => read('x,s,t\n1,d,yes\n', { kinds })).toThrow(
      /t\.csv, row 1 \(line 2\), column "s": Unknown category "d"; .*"a", "b", "c"/,
    );
  });
});

describe('missing and stray cells', () => {
  const text = file({ n: i => (i === 4 ? 'tall' : i % 10 === 7 ? '' : i % 13) });

  test('are kept as NaN, each kind told once', () => {
    const { values, notes } = read(text);
    expect([values[9], values[15], values[3]]).toEqual([Number.NaN, Number.NaN, 1]);
    expect(notes).toContain('cells of another kind, taken as missing: "n" 1, first "tall"');
    expect(notes).toContain('missing cells, of 60 rows: "n" 6');
  });

  test('take their rows along, or are refused, on request', () => {
    const table = read(text, { missing: 'drop' });
    expect([table.count, table.values.every(Number.isFinite)]).toEqual([53, true]);
    expect(() => read(text, { missing: 'refuse' })).toThrow(/column "n": text among numbers.*tall/s);
    for (const missing of ['keep', 'refuse'] as const)
      expect(() => read('a,b\n1,inf\n2,3\n', { missing })).toThrow(/not a finite number; got "inf"/);
  });

  test('are part of a data set, and so are categories', () => {
    const table = read(file({ n: i => (i % 10 === 7 ? '' : i % 13), s: i => pick(['a', 'b', 'c'], i) }));
    const data = finiteDataset('t', table);
    expect([data.columns, data.kinds, data.layout]).toEqual([table.columns, table.kinds, table.layout]);
    expect([...data.all!().data]).toEqual([...table.values]);
  });
});

test('rows go in as objects and come out as they were', () => {
  const rows = ROWS.map(i => ({
    when: day(i),
    size: { width: ((i * 7) % 23) / 10, depth: i % 11 === 5 ? null : (i * 5) % 17 },
    ok: i % 3 === 0,
    kind: pick(['red', 'green', 'blue'], i),
  }));
  const table = tableOfRows(rows);
  expect(table.kinds!.map(({ kind }) => kind)).toEqual(['date', 'grid', 'grid', 'yes-no', 'category']);
  const flat = rows.map(({ when, size, ok, kind }) => ({
    when,
    'size.width': size.width,
    'size.depth': size.depth,
    ok,
    kind,
  }));
  expect(rowsAsObjects(table.layout!, table.kinds!, table.values)).toEqual(flat);
  const dates = tableOfRows(ROWS.map(i => ({ at: new Date(86_400_000 * i), x: real(i) })));
  expect([...dates.values].filter((_, i) => i % 2 === 0)).toEqual(ROWS);
  expect(() => tableOfRows([])).toThrow('rows: no records');
});

test('a file comes back as it was, but for what is left out', () => {
  const columns = {
    price: (i: number) => `"$${1 + (i % 7)},${100 + i}.50"`,
    share: (i: number) => `${(i * 7) % 90}%`,
    mass: (i: number) => (((i * 7) % 23) / 10).toFixed(1),
    born: day,
    at: (i: number) => `${1 + (i % 12)}/${1 + (i % 28)}/2020 ${i % 24}:05`,
    ok: (i: number) => (i % 9 === 2 ? '' : pick(['true', 'false'], i)),
    kind: (i: number) => pick(['"big, red"', 'small', '"the ""odd"" one"'], i),
    unit: () => 'cm',
  };
  const text = file(columns);
  const { layout, kinds, values, count } = read(text);
  expect([count, layout!.filter(({ role }) => role === 'ignored')]).toEqual([60, []]);
  const written = [...rowsAsText(layout!, kinds!, values, 'csv')].join('');
  expect(written.split('\n')).toEqual(text.split('\n'));
});
