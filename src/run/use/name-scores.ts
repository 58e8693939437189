import { logSumExp } from '../../math/log-sum.ts';
import type { HostTensor } from '../../tensor/index.ts';
import type { ModelConfig } from '../folder/config.ts';
import { placesIn, type Question } from './questions.ts';
import { transformOf } from './units.ts';

/** Most names of a column whose probabilities are computed together. */
const MOST_NAMES = 32;

/** Scores of rows `[N, C]` in data units, whose draws have these numbers. */
type Score<S> = (x: HostTensor, rowNumbers: Uint32Array | undefined) => Promise<S>;

/**
 * Scores of rows. Where the question is about one column of names, every name of it is scored with the same
 * draws, and P(name) = p(name)/Σ p(names): so the probabilities of a row sum to 1, which those of single
 * draws do only on average. A row without a name has no score.
 */
export async function scoresOfNames<S extends { readonly logProbability: Float64Array }>(
  config: ModelConfig,
  x: HostTensor,
  question: Question,
  score: Score<S>,
): Promise<S> {
  const column = namesAsked(config, question);
  if (!column) return score(x, question.rowNumbers);
  const { place, names } = column;
  const [count, width] = [x.shape[0]!, x.shape[1]!];
  const rows = new Float64Array(count * names * width);
  const numbers = new Uint32Array(count * names);
  for (let i = 0; i < count * names; i++) {
    const row = Math.floor(i / names);
    rows.set(x.data.subarray(row * width, (row + 1) * width), i * width);
    rows[i * width + place] = i % names;
    numbers[i] = question.rowNumbers?.[row] ?? row;
  }
  const scores = await score({ data: rows, shape: [count * names, width] }, numbers);
  const logProbability = Float64Array.from({ length: count }, (_, row) => {
    const all = scores.logProbability.subarray(row * names, (row + 1) * names);
    return (all[x.data[row * width + place]!] ?? Number.NaN) - logSumExp(all);
  });
  return { ...scores, logProbability };
}

/** The only column that a question is about, if it is one of few names. */
export function namesAsked(config: ModelConfig, { of, given }: Question) {
  const transform = transformOf(config);
  if (transform.kind !== 'table') return undefined;
  const places = placesIn(config);
  const known = places(given ?? ('condition' in config.data ? config.data.condition : undefined) ?? []);
  const asked = of ? places(of) : [...transform.cells.keys()].filter(c => !known.includes(c));
  const json = asked.length === 1 ? transform.cells[asked[0]!]!.toJSON() : undefined;
  if (json?.kind !== 'category' || json.probabilities.length > MOST_NAMES) return undefined;
  return { place: asked[0]!, names: json.probabilities.length };
}
