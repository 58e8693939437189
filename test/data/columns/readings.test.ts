import { describe, expect, test } from 'vitest';
import { parseBounds } from '../../../src/data/columns/bounds-text.ts';
import { textColumns } from '../../../src/data/columns/text-columns.ts';
import { readJsonLines } from '../../../src/data/formats/text/json-records.ts';
import { filledAsText, finiteDataset, readCsv, rowsAsText } from '../../../src/data/index.ts';

const ROWS = Array.from({ length: 60 }, (_, i) => i);
const real = (i: number) => Math.sin(1.7 * i + i * i);
const at = (i: number, of: number) => (i * i * 31 + 7 * i) % of;
const file = (name: string, cell: (i: number) => string | number, rows = ROWS) =>
  `x,${name}\n${rows.map(i => `${real(i)},${cell(i)}`).join('\n')}\n`;
const read = (text: string, options = {}) =>
  readCsv(Buffer.from(text), 't.csv', { constants: false, ...options });
const column = (table: ReturnType<typeof read>, name: string) => {
  const place = table.columns!.indexOf(name);
  return ROWS.slice(0, table.count).map(row => table.values[row * table.columns!.length + place]!);
};

describe('what only looks like a date', () => {
  test.each<[string, (i: number) => string]>([
    ['version', i => `${1 + at(i, 3)}.${at(i, 10)}.${9 + at(i, 7)}`],
    ['version', i => `1.${1 + at(i, 9)}.${10 + at(i, 7)}`],
    ['part', i => `${1000 + at(i, 8000)}-${10 + at(i, 5)}`],
    ['part', i => `${3000 + at(i, 6000)}-0${1 + at(i, 9)}`],
    ['part', i => `${1 + at(i, 30)}-${1 + at(i, 15)}-${10 + at(i, 80)}`],
  ])('is a text: %s %#', (name, cell) => {
    const { kinds, columns, layout } = read(file(name, cell));
    const kind = kinds![columns!.indexOf(name)];
    expect(kind?.kind ?? layout![1]!.role).toMatch(/^(category|ignored)$/);
  });

  test.each<[string, (i: number) => string]>([
    ['D.M.YY', i => `${1 + at(i, 28)}.${1 + at(i, 12)}.12`],
    ['DD.MM.YYYY', i => `01.${String(1 + at(i, 12)).padStart(2, '0')}.2012`],
    ['M/D/YY', i => `${1 + at(i, 12)}/1/12`],
    ['YYYY-MM', i => `2011-${String(1 + at(i, 12)).padStart(2, '0')}`],
    ['YYYY-MM-DD', i => (i % 3 ? '2012-01-31'.replace('31', String(10 + at(i, 20))) : 'ongoing')],
  ])('but a date is one: %s', (format, cell) => {
    expect(read(file('when', cell)).kinds![1]).toMatchObject({ kind: 'date', format });
  });
});

describe('codes are names, and a remark says so', () => {
  test.each<[string, (i: number) => string | number]>([
    ['zip', i => ['10115', '20095', '80331'][at(i, 3)]!],
    ['phone', i => `${600 + at(i, 90)} ${100 + at(i, 800)} ${100 + at(i, 700)}`],
    ['contact', i => `${600 + at(i, 90)} ${100 + at(i, 800)} ${100 + at(i, 700)}`],
    ['code', i => ['007', '010', '100'][at(i, 3)]!],
    ['Mobile No.', i => 6621404540 + at(i, 1000)],
  ])('%s', (name, cell) => {
    const table = read(file(name, cell));
    const kind = table.kinds![table.columns!.indexOf(name)];
    expect(kind?.kind ?? table.layout![1]!.role).toMatch(/^(category|yes-no|ignored)$/);
    const says = `codes, taken as names and not as numbers: "${name}" (`;
    expect(table.notes!.find(note => note.startsWith(says))).toMatch(/Else choose --kinds .*=number/);
  });

  test('amounts are none', () => {
    const table = read(file('people', i => `${1 + at(i, 900)} ${100 + at(i, 800)} 000`));
    expect(table.kinds![1]).toMatchObject({ kind: 'grid' });
    expect(read(file('zip', i => 1 + at(i, 90))).kinds![1]).toMatchObject({ kind: 'grid' });
  });
});

test('a minus behind a number is its sign, and is written back there', () => {
  const table = read(file('balance', i => `${1000 + at(i, 977)}.5${i % 3 ? '' : '-'}`));
  expect(column(table, 'balance')[3]).toBe(-(1000.5 + at(3, 977)));
  expect(table.notes!.join()).toMatch(/"balance" \(5- as -5\)/);
  const text = [...rowsAsText(table.layout!, table.kinds!, table.values, 'csv')].join('').split('\n');
  expect(text[4]!.split(',')[1]).toBe(`${1000 + at(3, 977)}.5-`);
  expect(text[5]!.split(',')[1]).toBe(`${1000 + at(4, 977)}.5`);
});

test.each([-99.9, -999.9, 999.9])('%d stands for no value where it is far from the rest', value => {
  const far = read(file('t', i => (i % 20 === 3 ? value : (15 + 5 * real(i)).toFixed(1))));
  expect(far.kinds![1]).toMatchObject({ missing: [value] });
  const near = read(file('t', i => (i % 20 === 3 ? value : (value + 50 * real(i + 1)).toFixed(1))));
  expect(near.kinds![1]).not.toHaveProperty('missing');
});

describe('infinite cells', () => {
  test('are missing where they are few, with a remark', () => {
    const table = read(file('a', i => (i === 4 || i === 30 ? '-inf' : real(i + 3))));
    expect(column(table, 'a').flatMap((value, i) => (Number.isNaN(value) ? [i] : []))).toEqual([4, 30]);
    expect(table.notes!.join('\n')).toMatch(/infinite cells, taken as missing: "a" 2, first "-inf"/);
    expect(
      read(
        file('a', i => (i === 4 ? 'inf' : real(i + 3))),
        { missing: 'drop' },
      ).count,
    ).toBe(59);
  });

  test('are refused where they are many, with their count and what leaves them out', () => {
    const many = file('a', i => (i % 2 ? 'inf' : real(i + 3)));
    expect(() => read(many)).toThrow(/not a finite number \(30 not finite of 60 cells\).*--missing drop/s);
    expect(read(many, { missing: 'drop' }).count).toBe(30);
  });
});

describe('a last row of sums', () => {
  const total = (word: string, sum: number) =>
    `who,n\n${ROWS.map(i => `w${i % 4},${at(i, 50)}`).join('\n')}\n${word},${sum}\n`;
  const sum = ROWS.reduce((all, i) => all + at(i, 50), 0);

  test.each(['Total', 'SUM:', 'all', 'Grand total'])('is left out: %s', word => {
    const table = read(total(word, sum));
    expect(table.count).toBe(60);
    expect(table.notes!.join()).toContain(`left out: the last row, "${word}"`);
  });

  test('is a row where its numbers are no sums, or its word is none of these', () => {
    expect(read(total('Total', sum + 1)).count).toBe(61);
    expect(read(total('w1', sum)).count).toBe(61);
  });
});

test('a looser bound leaves the mass at an end that many rows share, and says so', () => {
  const rain = file('rain', i => (i % 2 ? 0 : (3 + 2.9 * real(i)).toFixed(2)), [...ROWS, ...ROWS]);
  const of = (bounds: string) =>
    finiteDataset('rain', read(rain), { scaling: 'gaussian', bounds: parseBounds(bounds) });
  const cell = (bounds: string) => {
    const { transform } = of(bounds);
    return transform.kind === 'table' ? transform.cells[1]!.toJSON() : {};
  };
  const usual = cell('x>=-2');
  expect(usual).toMatchObject({ low: 0, atoms: { low: expect.any(Number) } });
  expect(cell('rain>=-5')).toEqual(usual);
  expect(of('rain>=-5').notes.join('\n')).toMatch(/in place of the looser ones of --bounds: "rain" >= 0/);
  expect(of('rain>=0').notes.join('\n')).not.toMatch(/looser/);
});

describe('records of JSON', () => {
  const lines = ROWS.map(
    i => `{"id":${9007199254740992n + BigInt(i)},"size":{"w":${i === 3 ? null : real(i)},"h":${at(i, 9)}}}`,
  );
  const table = readJsonLines(Buffer.from(lines.join('\n')), 't.jsonl');

  test('keep the digits of whole numbers beyond 2^53', () => {
    expect(table.column(0).slice(0, 2)).toEqual(['9007199254740992', '9007199254740993']);
    const { layout } = textColumns(table, { constants: false });
    expect(layout![0]).toMatchObject({ role: 'ignored', reason: 'all different' });
    const text = '{"a":"x 12345678901234567 \\" 1","b":-12345678901234567,"c":0.12345678901234567}';
    const cells = readJsonLines(Buffer.from(text), 't');
    expect([0, 1, 2].map(c => cells.column(c)[0])).toEqual([
      'x 12345678901234567 " 1',
      '-12345678901234567',
      '0.12345678901234566',
    ]);
  });

  test('are told where they are within records, and written as they were when holes are filled', () => {
    const { layout, kinds, values, notes } = textColumns(table, { constants: false });
    expect(notes!.join('\n')).toContain('records within records, as columns: "size.w", "size.h"');
    const known = values.map(value => (Number.isNaN(value) ? 0 : 1));
    const filled = values.map(value => (Number.isNaN(value) ? 0.5 : value));
    const pieces = filledAsText(layout!, kinds!, { table, rows: ROWS, known, values: filled }, 'jsonl');
    const rows = [...pieces].join('').trim().split('\n');
    expect(JSON.parse(rows[3]!)).toEqual({ id: '9007199254740995', size: { w: 0.5, h: at(3, 9) } });
  });
});

test('whole numbers beyond 2^53 are rounded where numbers are asked for, with a remark', () => {
  const big = (i: number) => `${9_007_199_254_740_993n + 1000n * BigInt(i)}`;
  const text = `pop,x\n${Array.from({ length: 40 }, (_, i) => `${i === 3 ? i : big(i)},${Math.sin(i)}`).join('\n')}\n`;
  const { values, notes, kinds } = readCsv(Buffer.from(text), 't.csv', { kinds: { pop: 'number' } });
  expect(kinds).toMatchObject([{ kind: 'number' }, {}]);
  expect([...values.slice(0, 8)].filter((_, i) => i % 2 === 0)).toEqual([
    Number(big(0)),
    Number(big(1)),
    Number(big(2)),
    3,
  ]);
  expect(notes!.join('\n')).toMatch(
    /beyond 2\^53, rounded to 16 digits: "pop" \d+, first "?9007199254740993/,
  );
});
