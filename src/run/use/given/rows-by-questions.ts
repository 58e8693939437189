import { LangevinError } from '../../../errors.ts';
import type { Measurement, Part } from '../../../measure/contract.ts';
import type { SampleOptions } from '../../../solve/sample.ts';
import { sizeOf } from '../../../tensor/index.ts';
import type { Run } from '../../run.ts';
import type { UseOptions } from '../options.ts';
import { transformOf } from '../units.ts';
import { answered } from './answered.ts';
import type { GivenOptions } from './options.ts';
import { partsOf } from './question.ts';

/** Particles of a population: a row is drawn few times. */
const PARTICLES = 64;

/**
 * Samples of p(the rest | the known cells) of each of the rows `[N, C]` in data units, each `each` times in
 * turn, for a run that takes no questions itself: every row is a question to it, answered by guidance. A row
 * whose known cells it cannot have stays NaN.
 */
export async function rowsByQuestions(
  run: Run,
  rows: Float64Array,
  each: number,
  options: Omit<UseOptions, 'grid'> & GivenOptions,
  solving: SampleOptions,
): Promise<Float64Array> {
  const width = sizeOf(run.config.data.shape);
  const count = rows.length / width;
  const out = new Float64Array(rows.length * each).fill(Number.NaN);
  const { seed = 0, onProgress, ...rest } = options;
  // Progress is that of the rows, and not also that of each solve.
  const { onProgress: _ofSolve, ...quiet } = solving;
  for (let row = 0; row < count; row++) {
    const cells = rows.subarray(row * width, (row + 1) * width);
    const known = { seed: seed + row, count: each, given: knownCellsAre(run, cells) };
    // The particles are of this file, not of the caller: rows that are answered without them ignore them.
    const solve = { ...quiet, ...known, particles: PARTICLES };
    const drawn =
      (await canHave(run, known.given)) &&
      (await answered(run, { ...rest, ...known }, solve, true).catch(unlessFailed));
    if (drawn) out.set(drawn.data, row * each * width);
    onProgress?.({
      ...{ done: (row + 1) * each, count: count * each, fraction: (row + 1) / count },
      evaluations: drawn ? drawn.evaluations : 0,
    });
  }
  for (let i = 0; i < out.length; i++) {
    const cell = rows[Math.floor(i / (width * each)) * width + (i % width)]!;
    if (!Number.isNaN(cell) && !Number.isNaN(out[i])) out[i] = cell;
  }
  return out;
}

/** Whether samples of the run can have these values at all: on the grids and within the bounds of columns. */
const canHave = ({ config }: Run, given: Measurement): Promise<boolean> =>
  partsOf(config, given).then(
    () => true,
    error => {
      if (!isOurs(error)) throw error;
      return false;
    },
  );

/** Nothing where no sample has what is known. What the caller asked wrongly stays an error. */
function unlessFailed(error: unknown): undefined {
  if (!isOurs(error) || error.kind === 'usage') throw error;
  return undefined;
}

const isOurs = (error: unknown): error is LangevinError => error instanceof LangevinError;

/** The known cells of a row, as a measurement. */
function knownCellsAre({ config }: Run, cells: Float64Array): Measurement {
  const transform = transformOf(config);
  const parts = [...cells.keys()]
    .filter(c => !Number.isNaN(cells[c]))
    .map((c): Part => {
      const text = config.data.columns?.[c] ?? `x${c + 1}`;
      if (transform.kind === 'table' && transform.cells[c]!.kind === 'category')
        return { kind: 'word', text, cell: c, word: cells[c]! };
      const matrix = new Float64Array(cells.length);
      matrix[c] = 1;
      const law = { kind: 'normal', value: Float64Array.of(cells[c]!), std: Float64Array.of(0) } as const;
      return { kind: 'linear', text, count: 1, matrix, law };
    });
  return Object.freeze({ name: 'row', linear: true, on: async () => parts } satisfies Measurement);
}
