import { failure, shortList } from '../../errors.ts';
import type { ModelConfig } from '../../run/folder/config.ts';
import type { Score, Scored } from './repeats.ts';
import type { NumberedRows, Rows, StrangeCell } from './rows.ts';

/** Most unknown names, and rows of each, that are told. */
const [MOST_NAMES, MOST_ROWS] = [4, 5];

/** Remarks on names that the run does not know, with their rows, and what becomes of them. */
export function strangeNames({ strangers, numbers }: Rows, result: string): string[] {
  const rowsOf = new Map<string, number[]>();
  for (const { at, name, cell } of strangers) {
    const key = `"${name}" ${shortList([cell])}`;
    rowsOf.set(key, [...(rowsOf.get(key) ?? []), numbers[at]!]);
  }
  const told = [...rowsOf].slice(0, MOST_NAMES).map(([name, rows]) => {
    const more = rows.length > MOST_ROWS ? ` and ${rows.length - MOST_ROWS} more` : '';
    return `${name} in ${rows.length > 1 ? 'rows' : 'row'} ${rows.slice(0, MOST_ROWS).join(', ')}${more}`;
  });
  if (told.length === 0) return [];
  const more = rowsOf.size > told.length ? `; and ${rowsOf.size - told.length} more names` : '';
  return [`names that the run does not know: ${told.join('; ')}${more}. ${result}`];
}

/**
 * A way to score that gives no score to rows with names that the run does not know: their probability is 0.
 * The other rows are scored without them.
 * @throws failure if every row has one
 */
export function withoutStrangers({ strangers }: Rows, { data }: ModelConfig, score: Score): Score {
  if (strangers.length === 0) return score;
  const strange = new Set(strangers.map(({ at }) => at));
  return async (x, repeat, onProgress) => {
    const count = x.shape[0]!;
    const places = Uint32Array.from(Array(count).keys()).filter(at => !strange.has(at));
    if (places.length === 0) throw nothingKnown(strangers, data.kinds ?? []);
    return spreadOver(await score(rowsAt(x, places), repeat, onProgress), places, count);
  };
}

/** Scores of some rows as scores of all. */
function spreadOver(scores: Scored, places: Uint32Array, count: number): Scored {
  const spread = (values: Float64Array) => {
    const out = new Float64Array(count).fill(Number.NaN);
    places.forEach((place, i) => {
      out[place] = values[i]!;
    });
    return out;
  };
  return {
    ...scores,
    logProbability: spread(scores.logProbability),
    rowErrors: scores.rowErrors && spread(scores.rowErrors),
    unscored: scores.unscored + count - places.length,
  };
}

function rowsAt({ data, shape, rowNumbers }: NumberedRows, places: Uint32Array): NumberedRows {
  const width = data.length / shape[0]!;
  const out = new Float64Array(places.length * width);
  for (const [i, place] of places.entries())
    out.set(data.subarray(place * width, (place + 1) * width), i * width);
  return {
    data: out,
    shape: [places.length, ...shape.slice(1)],
    ...(rowNumbers && { rowNumbers: places.map(place => rowNumbers[place]!) }),
  };
}

function nothingKnown([first]: readonly StrangeCell[], kinds: NonNullable<ModelConfig['data']['kinds']>) {
  const kind = kinds[first!.column];
  return failure('No row can be scored: each has a name that the run does not know', {
    where: `column "${first!.name}"`,
    got: first!.cell,
    ...(kind && 'names' in kind && { expected: shortList(kind.names, 20) }),
    remedy: 'Score rows with the names of the training data',
  });
}
