import {
  type Dataset,
  exportSafetensors,
  impute,
  logLikelihood,
  openDataset,
  rowsAsText,
  sample,
  type TrainedRun,
  train,
} from 'langevin/browser';
import { currentRun, type Desk, engine, state } from './engine.ts';

/** The table that the page works on. */
const table: { file?: File; data?: Dataset } = {};

const MOST_SCORED = 400;

/** A column as the page shows it. */
export interface ColumnCard {
  readonly name: string;
  readonly kind: string;
  /** The names of its categories. */
  readonly names?: readonly string[];
}

const data = (): Dataset => {
  if (table.data) return table.data;
  throw new Error('There is no table yet. Drop a file first.');
};

const cardsOf = ({ columns = [], kinds }: Dataset): ColumnCard[] =>
  columns.map((name, c) => {
    const kind = kinds?.[c];
    return { name, kind: kind?.kind ?? 'real', ...(kind && 'names' in kind && { names: kind.names }) };
  });

/** Rows in the words of the file, as cells. */
function cellsOf(values: ArrayLike<number>): string[][] {
  const { layout, kinds } = data();
  const lines = [...rowsAsText(layout!, kinds!, values, 'tsv')].join('').trimEnd().split('\n');
  return lines.map(line => line.split('\t'));
}

export const tables = {
  /** Reads a table, and says what its columns hold. */
  async read({ file }: { file: File }) {
    table.file = file;
    table.data = await openDataset(file, { scaling: 'auto' });
    const { count, notes = [] } = table.data;
    const values = table.data.all!().data;
    const missing = values.reduce((sum, value) => sum + (Number.isNaN(value) ? 1 : 0), 0);
    const width = table.data.shape[0]!;
    const head = cellsOf(values.slice(0, 5 * width));
    return { columns: cardsOf(table.data), count, notes, missing, head, values };
  },

  /** Trains on the table until the validation rows no longer gain, or `steps` are over. */
  async learn({ steps }: { steps: number }, { signal, report }: Desk) {
    state.run = await train({
      ...{ data: table.file!, steps, engine: await engine(), signal, testFraction: 0 },
      ...{ net: { name: 'mlp', width: 96, depth: 3 }, onNote: () => {} },
      onProgress: news => report({ ...news }),
    });
    const { losses, validation } = state.run;
    return { losses, validation };
  },

  /** New rows, as numbers and as the text of a file. */
  async fresh({ count, seed }: { count: number; seed: number }, { signal }: Desk) {
    const { data: values } = await sample(currentRun(), { count, seed, engine: await engine(), signal });
    const { layout, kinds } = data();
    return { values, text: [...rowsAsText(layout!, kinds!, values, 'csv')].join('') };
  },

  /** The rows that the model finds least likely, with their log-likelihoods. */
  async strange({ most }: { most: number }, { signal, report }: Desk) {
    const rows = data();
    const width = rows.shape[0]!;
    const count = Math.min(rows.count, MOST_SCORED);
    const values = rows.all!().data.slice(0, count * width);
    const onProgress = (progress: object) => report({ ...progress });
    const options = { tolerance: 1e-3, engine: await engine(), signal, onProgress };
    const scores = await logLikelihood(currentRun(), { data: values, shape: [count, width] }, options);
    const order = [...scores.logProbability.keys()].sort(
      (a, b) => scores.logProbability[a]! - scores.logProbability[b]!,
    );
    const worst = order.slice(0, most);
    const picked = worst.flatMap(row => [...values.slice(row * width, (row + 1) * width)]);
    const [names, ...cells] = cellsOf(picked);
    return {
      ...{ scored: count, mean: scores.mean, names: names!, cells },
      rows: worst.map(row => ({ row, score: scores.logProbability[row]! })),
    };
  },

  /** The table with its missing cells filled. */
  async filled(_: object, { signal }: Desk) {
    const rows = data();
    const values = rows.all!().data;
    const x = { data: values, shape: [rows.count, rows.shape[0]!] };
    const done = await impute(currentRun(), x, { draws: 10, engine: await engine(), signal });
    const { layout, kinds } = rows;
    const width = rows.shape[0]!;
    const open = [...Array(rows.count).keys()].filter(i =>
      values.subarray(i * width, (i + 1) * width).some(Number.isNaN),
    );
    const picked = open.slice(0, 8);
    const part = (from: Float64Array) => picked.flatMap(i => [...from.subarray(i * width, (i + 1) * width)]);
    return {
      missing: done.missing,
      text: [...rowsAsText(layout!, kinds!, done.rows.data, 'csv')].join(''),
      rows: picked,
      cells: cellsOf(part(Float64Array.from(done.rows.data))),
      before: cellsOf(part(values)),
    };
  },

  /** The model as one file. */
  async file() {
    return exportSafetensors(currentRun() as TrainedRun);
  },
};
