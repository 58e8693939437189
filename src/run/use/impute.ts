import { usage } from '../../errors.ts';
import { type DataTensor, type HostTensor, sizeOf } from '../../tensor/index.ts';
import type { Run } from '../run.ts';
import { conditionalCommand } from './conditional-command.ts';
import { isMixture } from './given/asked-laws.ts';
import { answersItself, sampleKnown } from './given/network.ts';
import { rowsByQuestions } from './given/rows-by-questions.ts';
import { type SampleRunOptions, samplingParts } from './sample.ts';
import { requireWidth } from './units.ts';

/** How missing cells are filled. */
export interface ImputeOptions
  extends Omit<SampleRunOptions, 'count' | 'given' | 'method' | 'particles' | 'denoise'> {
  /** Draws for each row. Default 20. */
  readonly draws?: number;
}

/** Completed rows. */
export interface Imputed {
  /** All draws, `[N, draws, C]`, in data units. Known cells are as they were. */
  readonly draws: DataTensor;
  /**
   * `[N, C]`: each missing cell by the median of its draws, and a category by the most frequent one. Known
   * cells are as they were.
   */
  readonly rows: DataTensor;
  /** Number of cells that were missing. */
  readonly missing: number;
  /** Number of them that were filled: all but those of columns that are always known, and of lost rows. */
  readonly filled: number;
  /** Rows, from 0, whose known cells are out of reach of the model: their missing cells stay NaN. */
  readonly lost: readonly number[];
}

/**
 * Fills the missing cells, NaN, of rows `[N, C]` in data units: draws from p(missing | known) of each row, by
 * the network of a conditional run, in closed form by a run that is a mixture of Gaussians, and by guidance
 * of any other, a row after another. The draws of row i depend on (seed, i) alone.
 * @throws usage for many rows with missing cells if the run takes no questions itself, and for rows that do
 *   not fit it
 */
export async function impute(run: Run, x: HostTensor, options: ImputeOptions = {}): Promise<Imputed> {
  const { draws = 20, ...rest } = options;
  requireWidth(run.config, x);
  if (!(Number.isInteger(draws) && draws > 0))
    throw usage('The number of draws has to be a whole number above 0', { where: 'draws', got: draws });
  const [count, width] = [x.shape[0]!, sizeOf(x.shape.slice(1))];
  const values = Float64Array.from(x.data);
  const missing = values.reduce((sum, value) => sum + (Number.isNaN(value) ? 1 : 0), 0);
  const holes = [...Array(count).keys()].filter(i =>
    values.subarray(i * width, (i + 1) * width).some(Number.isNaN),
  );
  requireAnswers(run, values, holes.length);
  const all = new Float64Array(count * draws * width);
  for (let i = 0; i < count * draws; i++)
    all.set(values.subarray(Math.floor(i / draws) * width, (Math.floor(i / draws) + 1) * width), i * width);
  const lost: number[] = [];
  if (holes.length > 0) {
    const open = new Float64Array(holes.length * width);
    holes.forEach((row, i) => {
      open.set(values.subarray(row * width, (row + 1) * width), i * width);
    });
    const solving = await samplingParts(run, { ...rest, count: holes.length * draws });
    const filled = takesRows(run)
      ? await sampleKnown(run.config, open, solving)
      : await rowsByQuestions(run, open, draws, rest, solving);
    const { data, z } = 'z' in filled ? filled : { data: filled, z: filled };
    const [size, drawn] = [draws * width, z.length / holes.length];
    holes.forEach((row, i) => {
      if (z.subarray(i * drawn, (i + 1) * drawn).some(Number.isNaN)) lost.push(row);
      else all.set(data.subarray(i * size, (i + 1) * size), row * size);
    });
  }
  return {
    draws: { data: all, shape: [count, draws, width] },
    rows: { data: middles(all, draws, width, isCategory(run), isContinuous(run)), shape: [count, width] },
    missing,
    filled: missing - all.reduce((sum, value) => sum + (Number.isNaN(value) ? 1 : 0), 0) / draws,
    lost,
  };
}

/** Whether a run draws the rest of many rows at once: as a conditional run or as a mixture of Gaussians. */
const takesRows = (run: Run): boolean => answersItself(run) || isMixture(run.model);

/** Rows with missing cells up to which a run answers one question for each, which takes seconds. */
const MOST_QUESTIONS = 50;

/** @throws usage for a run that would take too long, and for rows of which nothing is known */
function requireAnswers(run: Run, values: Float64Array, holes: number): void {
  if (holes === 0 || takesRows(run)) return;
  const { shape, source } = run.config.data;
  const isTable = 'cells' in run.config.transform;
  if (holes <= MOST_QUESTIONS && isTable && !isEmptyRow(values, shape[0]!)) return;
  const name = run.opened ?? `of ${source}`;
  const fills = isTable ? `at most ${MOST_QUESTIONS} rows, each with some value` : 'no rows';
  throw usage(`The run ${name} was not trained on questions about its columns, so it fills ${fills}`, {
    got: holes <= MOST_QUESTIONS && isTable ? 'a row without values' : holes,
    remedy: `Train it on questions, in another folder: ${conditionalCommand(run.config)}`,
  });
}

/** Whether a row has no value. */
const isEmptyRow = (values: Float64Array, width: number): boolean =>
  Array.from({ length: values.length / width }, (_, row) =>
    values.subarray(row * width, (row + 1) * width),
  ).some(row => row.every(Number.isNaN));

/** Whether each cell is a category. */
const isCategory = ({ config: { transform } }: Run): readonly boolean[] =>
  'cells' in transform ? transform.cells.map(({ kind }) => kind === 'category') : [];

/** Whether each cell is a number without steps. */
const isContinuous = ({ config: { transform } }: Run): readonly boolean[] =>
  'cells' in transform ? transform.cells.map(cell => cell.kind === 'number' && !cell.grid) : [];

/** The median of each cell's draws; of a category the most frequent value. */
function middles(
  all: Float64Array,
  draws: number,
  width: number,
  category: readonly boolean[],
  between: readonly boolean[],
): Float64Array {
  const rows = all.length / (draws * width);
  const out = new Float64Array(rows * width);
  const cellDraws = new Float64Array(draws);
  for (let i = 0; i < out.length; i++) {
    const [row, c] = [Math.floor(i / width), i % width];
    for (let k = 0; k < draws; k++) cellDraws[k] = all[(row * draws + k) * width + c]!;
    cellDraws.sort();
    out[i] = category[c] ? mostFrequent(cellDraws) : medianOf(cellDraws, between[c] ?? false);
  }
  return out;
}

/** The median of sorted values; of a column with steps, one of its values. */
function medianOf(sorted: Float64Array, between: boolean): number {
  const [low, high] = [sorted[Math.floor((sorted.length - 1) / 2)]!, sorted[Math.floor(sorted.length / 2)]!];
  return between ? (low + high) / 2 : low;
}

/** The most frequent of sorted values. */
function mostFrequent(sorted: Float64Array): number {
  let best = { value: sorted[0]!, count: 0 };
  let first = 0;
  for (let i = 1; i <= sorted.length; i++) {
    if (i < sorted.length && sorted[i] === sorted[first]) continue;
    if (i - first > best.count) best = { value: sorted[first]!, count: i - first };
    first = i;
  }
  return best.value;
}
