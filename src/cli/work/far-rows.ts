import type { Run } from '../../run/run.ts';
import type { Imputed } from '../../run/use/impute.ts';
import type { Scored } from './repeats.ts';
import type { NumberedRows, Rows } from './rows.ts';

/** Standard deviations beyond which a row is named, and the most rows that are. */
const [FAR, MOST] = [100, 3];

/** Remarks that name the rows whose missing cells could not be filled. */
export async function lostRows(
  run: Run,
  read: NumberedRows,
  { lost }: Imputed,
  numbers: Uint32Array,
): Promise<string[]> {
  const width = read.data.length / numbers.length;
  const { farCells } = await import('../../run/use/given/far-cells.ts');
  const told = lost.slice(0, MOST).map(row => {
    const cells = Float64Array.from(read.data.subarray(row * width, (row + 1) * width));
    const [far = 'out of reach of the model'] = farCells(run.config, cells);
    return `row ${numbers[row]}: ${far}; its missing cells stay empty`;
  });
  return lost.length > MOST ? [...told, `the same for ${lost.length - MOST} more rows`] : told;
}

/** Remarks that name the rows with values far outside the training rows, and tell what became of them. */
export async function farRows(
  { config }: Run,
  { read, numbers, strangers }: Rows,
  { logProbability }: Pick<Scored, 'logProbability'>,
): Promise<string[]> {
  const { data } = read(0);
  // Rows with unknown names are told by themselves.
  const strange = new Set(strangers.map(({ at }) => at));
  const { farCells } = await import('../../run/use/given/far-cells.ts');
  const width = data.length / numbers.length;
  const isTable = 'cells' in config.transform;
  const told: string[] = [];
  let left = 0;
  for (const [i, number] of numbers.entries()) {
    if (strange.has(i)) continue;
    const isScored = !Number.isNaN(logProbability[i]);
    const cells = Float64Array.from(data.subarray(i * width, (i + 1) * width));
    const far = isTable ? farCells(config, cells, FAR) : [];
    if (isScored && far.length === 0) continue;
    const what = far[0] ?? 'out of reach of the model';
    const result = isScored ? 'this lowers the mean' : 'it has no score and is not in the mean';
    if (told.length < MOST) told.push(`row ${number}: ${what}; ${result}`);
    else left++;
  }
  return left > 0 ? [...told, `the same for ${left} more rows`] : told;
}
