import type { TableTransform } from '../../data/index.ts';
import { logMeanExp } from '../../math/log-sum.ts';
import type { HostTensor } from '../../tensor/index.ts';
import type { ModelConfig } from '../folder/config.ts';
import { EVEN_DRAWS } from './even-draws.ts';
import { cellStates, type Question, STATES } from './questions.ts';
import { rowsAt } from './rows-at.ts';
import { transformOf } from './units.ts';

/**
 * Scores of rows `[N, C]` in data units. One draw says little of a row at an end that many rows share, whose
 * points lie over a whole length, or of names alone, whose points are mostly noise. The density of such a row
 * is the mean over k draws that lie evenly, log Σ p/k: four for ends, eight for names.
 */
export async function averagedScores<S extends { readonly logProbability: Float64Array }>(
  config: ModelConfig,
  x: HostTensor,
  question: Question,
  score: (x: HostTensor, question: Question) => Promise<S>,
): Promise<S> {
  const transform = transformOf(config);
  if (transform.kind !== 'table' || !transform.steps) return score(x, question);
  const [count, width] = [x.shape[0]!, transform.width];
  const states = cellStates(config, transform, x.data, question, false);
  const draws = Array.from({ length: count }, (_, row) => {
    const [from, to] = [row * width, (row + 1) * width];
    return drawsOf(transform, x.data.slice(from, to), states.subarray(from, to));
  });
  if (draws.every(each => each === 1)) return score(x, question);
  const places = draws.flatMap((each, row) => Array<number>(each).fill(row));
  const scores = await score(rowsAt(x, places), {
    ...question,
    rowNumbers: Uint32Array.from(places).map(row => question.rowNumbers?.[row] ?? row),
    turns: Float64Array.from(draws.flatMap(each => Array.from({ length: each }, (_, k) => k / each))),
  });
  let first = 0;
  const logProbability = new Float64Array(count);
  for (const [row, each] of draws.entries()) {
    first += each;
    logProbability[row] = logMeanExp(scores.logProbability.subarray(first - each, first));
  }
  return { ...scores, logProbability };
}

/** How many draws of its points the score of a row needs: one, if it depends little on them. */
function drawsOf({ cells }: TableTransform, row: ArrayLike<number>, states: Uint8Array): number {
  const asked = cells.filter((_, c) => states[c] === STATES.generated);
  if (asked.length > 0 && asked.every(({ kind }) => kind === 'category')) return EVEN_DRAWS.names;
  const isAtEnd = cells.some((cell, c) => states[c] !== STATES.absent && cell.atom?.(row[c]!) !== undefined);
  return isAtEnd ? EVEN_DRAWS.end : 1;
}
