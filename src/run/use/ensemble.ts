import { usage } from '../../errors.ts';
import { logMeanExp } from '../../math/log-sum.ts';
import { meanAndError } from '../../math/mean.ts';
import type { ModelConfig } from '../folder/config.ts';
import { type Summary, scored } from './likelihood.ts';

/** How much the members of an ensemble differ. */
export interface Spread {
  /** Members of the ensemble. */
  readonly members: number;
  /** Standard deviation over the members of the mean log p of all rows: what the weights leave open. */
  readonly spread: number;
  /** The same for the log p of each row. */
  readonly rowSpreads: Float64Array;
}

/**
 * The predictive scores of an ensemble, log p(x) = log((1/M)·Σ p(x | θ_m)), from the scores of the same rows
 * under each of its members, with the scatter of the members.
 * @throws usage for fewer than two members
 */
export function pooled<S extends Summary>(scores: readonly S[], config: ModelConfig): S & Spread {
  const [first] = scores;
  if (!first || scores.length < 2)
    throw usage('An ensemble has at least two members', { where: 'pooled', got: scores.length });
  const perRow = (f: (values: readonly number[]) => number) =>
    first.logProbability.map((_, i) => f(scores.map(({ logProbability }) => logProbability[i]!)));
  return {
    ...first,
    ...scored(perRow(logMeanExp), config, first.rowErrors === null),
    members: scores.length,
    spread: deviation(scores.map(({ mean }) => mean)),
    rowSpreads: perRow(deviation),
  };
}

/** The standard deviation of a sample, √(Σ(x − mean)²/(n − 1)). */
const deviation = (values: readonly number[]) =>
  meanAndError(values).standardError! * Math.sqrt(values.length);
