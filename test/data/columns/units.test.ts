import { describe, expect, test } from 'vitest';
import { cellValue, filledAsText, type KnownKind, readCsv } from '../../../src/data/index.ts';
import type { ModelConfig } from '../../../src/run/folder/config.ts';
import { kindsByName } from '../../../src/run/folder/kinds.ts';

const ROWS = Array.from({ length: 40 }, (_, i) => i);
const real = (i: number) => (50 + 20 * Math.sin(i * i)).toFixed(1);
/** A table of a real column `x`, and another. */
const file = (name: string, cell: (i: number) => string, quote = '"') =>
  Buffer.from(`x,${quote}${name}${quote}\n${ROWS.map(i => `${Math.cos(i)},${cell(i)}`).join('\n')}\n`);
const read = (bytes: Uint8Array, kinds = {}) =>
  readCsv(bytes, 't.csv', {
    constants: false,
    kinds,
    columns: Object.keys(kinds).length > 0 ? Object.keys(kinds) : undefined!,
  });
/** What a run of this table keeps of its columns. */
const kindsOf = (bytes: Uint8Array): Readonly<Record<string, KnownKind>> => {
  const { columns, kinds, layout } = read(bytes);
  return kindsByName({ columns, kinds, layout, shape: [2] } as unknown as ModelConfig['data']);
};

describe('a new file of a run', () => {
  const kg = kindsOf(file('weight', i => `${real(i)} kg`));
  const dollars = kindsOf(file('price', i => `$${real(i)}`));
  const named = kindsOf(file('weight [kg]', real));

  test.each([
    [
      kg,
      'weight',
      (i: number) => `${real(i)} lb`,
      /"weight" is in another unit.*got " ?lb"; expected kg.*Convert/s,
    ],
    [kg, 'weight', (i: number) => `$${real(i)}`, /got "\$"; expected kg/],
    [
      kg,
      'weight (lb)',
      real,
      /column "weight \(lb\)": the column "weight" is in another unit; got "lb"; expected kg/,
    ],
    [kg, 'weight_lb', real, /got "lb"; expected kg/],
    [dollars, 'price', (i: number) => `€${real(i)}`, /"price" is in another unit.*got "€"; expected \$/s],
    [dollars, 'price', (i: number) => `EUR ${real(i)}`, /got "EUR"; expected \$/],
    [named, 'weight [kg]', (i: number) => `${real(i)} lb`, /got "lb"; expected kg/],
    [named, 'weight [lb]', real, /"weight \[kg\]" is in another unit.*got "lb"; expected kg/s],
    [named, 'weight_g', real, /column "weight_g": the column "weight \[kg\]" is in another unit; got "g"/],
  ])('is refused where a unit differs: %#', (kinds, name, cell, says) => {
    expect(() => read(file(name, cell), kinds)).toThrow(says);
  });

  test.each([
    [kg, 'weight', real],
    [kg, 'weight', (i: number) => `${real(i)} KG`],
    [kg, 'weight', (i: number) => `${real(i)}kilograms`],
    [kg, 'weight [kg]', real],
    [kg, 'weight_kg', real],
    [dollars, 'price', (i: number) => `USD ${real(i)}`],
    [named, 'weight', real],
    [named, 'weight', (i: number) => `${real(i)} kg`],
    [named, 'weight (kg)', real],
  ])('is read where the unit is that of the run, or none is written: %#', (kinds, name, cell) => {
    const table = read(file(name, cell), kinds);
    expect(table.columns).toEqual(Object.keys(kinds));
    expect([...table.values].filter((_, i) => i % 2 === 1)).toEqual(ROWS.map(i => Number(real(i))));
    expect(table.kinds![1]).not.toHaveProperty('unit');
  });

  test('is read cell by cell where some have the unit and some none', () => {
    const cells = (third: string) => (i: number) =>
      i === 3 ? third : i % 4 === 0 ? `${real(i)} Kg` : real(i);
    const { values } = read(file('weight', cells(`${real(3)}kg`)), kg);
    expect([...values].filter((_, i) => i % 2 === 1)).toEqual(ROWS.map(i => Number(real(i))));
    const says = /row 4 .*column "weight".*got "lb"; expected kg/;
    expect(() => read(file('weight', cells('150 lb')), kg)).toThrow(says);
    expect(read(file('weight', cells('70 about')), kg).values[7]).toBeNaN();
  });

  test('is written again under its own names', () => {
    const { columns, kinds, layout, values, count } = read(file('weight [kg]', real));
    expect(columns).toEqual(['x', 'weight [kg]']);
    const holes = read(
      file('weight', i => (i === 3 ? '' : real(i))),
      named,
    );
    const table = {
      ...{ where: 't.csv', names: ['x', 'weight'], count, remarks: [], place: String },
      dialect: { delimiter: ',', decimal: '.', header: true, encoding: 'utf-8' },
      column: (at: number) => ROWS.map(i => (at === 0 ? String(Math.cos(i)) : i === 3 ? '' : real(i))),
    } as const;
    const known = [...holes.values].map(value => !Number.isNaN(value));
    const text = [...filledAsText(layout!, kinds!, { table, rows: ROWS, known, values }, 'csv')].join('');
    expect(text.split('\n').slice(0, 1)).toEqual(['x,weight']);
    expect(text.split('\n')[4]).toBe(`${Math.cos(3)},${real(3)}`);
  });
});

describe('the unit of a column', () => {
  test('is one in any spelling, and the most frequent is written back', () => {
    const units = [' kg', ' kg', ' Kg', 'KG', ' kilograms', ' kg.'];
    const { columns, kinds, layout, values } = read(file('weight', i => `${real(i)}${units[i % 6]}`));
    expect(columns).toEqual(['x', 'weight']);
    expect(kinds![1]).toMatchObject({ kind: 'number' });
    expect(values[1]).toBe(Number(real(0)));
    expect(layout![1]).toMatchObject({ style: { suffix: ' kg' } });
  });

  test('is not one where case tells units apart', () => {
    expect(read(file('power', i => `${real(i)} ${i % 2 ? 'mW' : 'MW'}`)).columns).toEqual(['x']);
  });

  test('is no letter right behind the digits that is no unit', () => {
    const { columns } = read(file('part', i => `${2000 + ((37 * i) % 40)}E`));
    expect(columns).toEqual(['x']);
    expect(read(file('voltage', i => `${100 + ((37 * i) % 40)}V`)).columns).toEqual(['x', 'voltage']);
  });

  test('of a single value is that of the column', () => {
    const style = { suffix: ' kg' };
    expect(cellValue({ kind: 'number' }, '70 KG', { style })).toBe(70);
    expect(cellValue({ kind: 'number' }, '70', { style })).toBe(70);
    expect(() => cellValue({ kind: 'number' }, '70 lb', { style })).toThrow(/not a finite number/);
    expect(() => cellValue({ kind: 'number' }, '€5', { style: { prefix: '$' } })).toThrow(/not a finite/);
  });
});
