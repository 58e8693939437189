import { failure } from '../../errors.ts';
import type { ScoreModel } from '../../score/contract.ts';
import type { HostTensor } from '../../tensor/index.ts';
import type { ModelConfig } from '../folder/config.ts';
import { componentsOf } from '../shape.ts';
import { isMixture, REACH_OF_MIXTURES } from './given/asked-laws.ts';
import type { Question } from './questions.ts';
import { rowsAt } from './rows-at.ts';
import { inModelUnits, type ModelRows } from './units.ts';

/** Standard deviations beyond which a row is not scored. Squares of larger values overflow in float32. */
const REACH = 1e12;

type Keys = Question & { readonly seed?: number; readonly repeat?: number };

/**
 * Scores of rows `[N, ...D]` in nats and data units, by `score`, which takes model units. A row
 * out of reach of the model gets NaN; the others are scored without it.
 * @throws failure if all rows are out of reach
 */
export async function scoresWithinReach<S extends { readonly logProbability: Float64Array }>(
  config: ModelConfig,
  x: HostTensor,
  keys: Keys,
  score: (rows: ModelRows) => Promise<S>,
): Promise<S> {
  const all = inModelUnits(config, x, keys);
  const places = placesWithinReach(all, componentsOf(config) > 1 ? REACH_OF_MIXTURES : REACH);
  const count = x.shape[0]!;
  if (places.length === 0 && count > 0)
    throw failure('No row can be scored: all are out of reach of the model', {
      where: `rows for the run of ${config.data.source}`,
      remedy: 'Look for extreme values in the rows',
    });
  const isWhole = places.length === count;
  const rows = isWhole
    ? all
    : inModelUnits(config, rowsAt(x, places), { ...keys, ...numbersAt(keys, places) });
  const scores = await score(rows);
  const logProbability = new Float64Array(count).fill(Number.NaN);
  for (const [i, place] of places.entries()) logProbability[place] = scores.logProbability[i]!;
  return { ...scores, logProbability };
}

/**
 * Scores of rows in nats and data units: in closed form by a model that is a mixture of Gaussians, unless
 * `other` is asked for; else by `other`, in model units.
 */
export async function scoresOf<S extends ModelScores>(
  model: ScoreModel,
  rows: ModelRows,
  asksOther: boolean,
  other: () => Promise<S>,
): Promise<S | ClosedScores> {
  if (isMixture(model) && rows.closed && (rows.context || !asksOther))
    return { logProbability: rows.closed(), evaluations: 0, divergence: 'exact' };
  const scores = await other();
  return { ...scores, logProbability: scores.logProbability.map(rows.inDataUnits) };
}

interface ModelScores {
  readonly logProbability: Float64Array;
  readonly evaluations: number;
}

/** Scores that took no evaluations. */
interface ClosedScores extends ModelScores {
  readonly divergence: 'exact';
}

/** The rows whose coordinates, and those known of them, the model can take. */
function placesWithinReach({ x: { data, shape }, context }: ModelRows, reach: number): Uint32Array {
  const count = shape[0]!;
  const size = data.length / count;
  const isNear = (value: number) => Math.abs(value) <= reach;
  const known = (i: number) => {
    const from = (i * context!.data.length) / count;
    return context!.data.subarray(from, from + size);
  };
  const isWithin = (i: number) =>
    data.subarray(i * size, (i + 1) * size).every(isNear) && (!context || known(i).every(isNear));
  return Uint32Array.from(Array(count).keys()).filter(isWithin);
}

/** The draws of a row stay those of its own number. */
const numbersAt = ({ rowNumbers, turns }: Question, places: Uint32Array) => ({
  rowNumbers: rowNumbers ? places.map(place => rowNumbers[place]!) : places,
  ...(turns && { turns: Float64Array.from(places).map(place => turns[place]!) }),
});
