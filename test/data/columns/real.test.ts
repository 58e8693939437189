import { existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { rowsAsText } from '../../../src/data/index.ts';
import { loadTable } from '../../../src/data/load.ts';
import { LangevinError } from '../../../src/errors.ts';

const shared = '../shared/data';
const vega = 'node_modules/vega-datasets/data';
const TABLE = /\.(csv|tsv|json)$/;
/** Larger ones take longer than they tell. */
const LARGE = /zipcodes|flights-(20|200)k|movies|species|platformer|football|jobs/;

/** The kinds of a table by column: `number`, `category 5`; why a column is left out. */
async function kindsOf(path: string): Promise<Readonly<Record<string, string>>> {
  const { table } = await loadTable(path, { constants: false });
  const { kinds, layout, values, count } = table;
  expect(values.length).toBe(count * kinds!.length);
  const text = [...rowsAsText(layout!, kinds!, values.subarray(0, 20 * kinds!.length), 'jsonl')].join('');
  expect(
    text
      .trim()
      .split('\n')
      .map(line => JSON.parse(line)).length,
  ).toBe(Math.min(20, count));
  const words = layout!.map(column => {
    if (column.role !== 'modelled') return [column.name, column.role];
    const kind = kinds![column.index]!;
    const size =
      kind.kind === 'category' ? ` ${kind.names.length}` : kind.kind === 'date' ? ` ${kind.format}` : '';
    return [column.name, kind.kind + size];
  });
  return Object.fromEntries(words);
}

describe('tables as people have them', () => {
  test('every table of the shared folder is read', async ({ skip }) => {
    skip(!existsSync(shared), `${shared} is not here`);
    const files = readdirSync(shared).filter(name => TABLE.test(name));
    for (const name of files)
      expect(Object.keys(await kindsOf(join(shared, name))).length).toBeGreaterThan(4);
    expect(await kindsOf(join(shared, 'iris.csv'))).toMatchObject({
      sepal_width: 'grid',
      species: 'category 3',
    });
    expect(await kindsOf(join(shared, 'pima.csv'))).toMatchObject({
      ped: 'number',
      skin: 'grid',
      type: 'yes-no',
    });
    expect(await kindsOf(join(shared, 'boston.csv'))).toMatchObject({
      crim: 'number',
      chas: 'yes-no',
      tax: 'grid',
    });
    expect(await kindsOf(join(shared, 'mpg.csv'))).toMatchObject({
      model: 'category 38',
      year: 'yes-no',
      displ: 'grid',
    });
    expect(await kindsOf(join(shared, 'diamonds.csv'))).toMatchObject({ carat: 'grid', cut: 'category 5' });
  });

  const tables = existsSync(vega) ? readdirSync(vega).filter(name => TABLE.test(name)) : [];

  test('tables of vega-datasets are read; other JSON is named for what it is', async ({ skip }) => {
    skip(tables.length === 0, `${vega} is not here`);
    const refused: string[] = [];
    let count = 0;
    for (const name of tables.filter(one => !LARGE.test(one))) {
      try {
        await kindsOf(join(vega, name));
        count++;
      } catch (error) {
        if (!(error instanceof LangevinError)) throw error;
        expect(error.message).toMatch(/not a table; got "an object with|no column can be modelled/);
        refused.push(name);
      }
    }
    expect(count).toBeGreaterThanOrEqual(40);
    expect(refused.every(name => name.endsWith('.json'))).toBe(true);
  });

  test.for<[string, Readonly<Record<string, string>>]>([
    ['airports.csv', { iata: 'ignored', state: 'category 55', country: 'category 5', latitude: 'number' }],
    ['barley.json', { yield: 'number', variety: 'category 10', year: 'yes-no' }],
    ['birdstrikes.csv', { 'Flight Date': 'date YYYY-MM-DD', 'Effect Amount of damage': 'category 6' }],
    ['budget.json', { 'Account name': 'ignored', '1995': 'grid', 'On- or off-budget': 'yes-no' }],
    ['cars.json', { Name: 'ignored', Horsepower: 'grid', Year: 'date YYYY-MM-DD', Origin: 'category 3' }],
    ['co2-concentration.csv', { Date: 'date YYYY-MM-DD', CO2: 'number' }],
    ['github.csv', { time: 'date YYYY/MM/DD HH:mm:ss', count: 'grid' }],
    ['global-temp.csv', { year: 'grid', temp: 'number' }],
    ['penguins.json', { Species: 'category 3', 'Body Mass (g)': 'grid', Sex: 'yes-no' }],
    ['stocks.csv', { symbol: 'category 5', date: 'date MMM D YYYY', price: 'number' }],
    ['unemployment-across-industries.json', { date: 'date YYYY-MM-DDTHH:mm:ss.SSSZ', rate: 'grid' }],
    ['unemployment.tsv', { id: 'ignored', rate: 'grid' }],
    ['weekly-weather.json', { day: 'category 5', 'record.high': 'grid', id: 'ignored' }],
    ['windvectors.csv', { longitude: 'grid', dir: 'grid', speed: 'grid' }],
  ])('%s has the expected kinds', async ([name, kinds], { skip }) => {
    skip(tables.length === 0, `${vega} is not here`);
    expect(await kindsOf(join(vega, name))).toMatchObject(kinds);
  });
});
