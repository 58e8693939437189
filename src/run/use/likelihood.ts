import { bitsPerDimension } from '../../data/index.ts';
import { sharedEngine } from '../../engine/shared.ts';
import { usage } from '../../errors.ts';
import { type Divergence, hutchinson } from '../../likelihood/divergence.ts';
import { logLikelihood as modelLogLikelihood } from '../../likelihood/likelihood.ts';
import { meanAndError } from '../../math/mean.ts';
import { makeGrid } from '../../registry/grids.ts';
import { makeSolver } from '../../registry/solvers.ts';
import type { HostTensor } from '../../tensor/index.ts';
import type { ModelConfig } from '../folder/config.ts';
import type { Run } from '../run.ts';
import { averagedScores } from './averaged.ts';
import { isMixture } from './given/asked-laws.ts';
import { closedNames } from './given/asked-names.ts';
import { modelOf } from './labels.ts';
import { scoresOfNames } from './name-scores.ts';
import { tolerances, type UseOptions } from './options.ts';
import type { Question } from './questions.ts';
import { scoresOf, scoresWithinReach } from './reach.ts';
import { type ModelRows, requireWidth, transformOf } from './units.ts';

/** How likelihoods are integrated. The default solver is `rk45`; others must be deterministic. */
export interface ScoreOptions extends UseOptions, Question {
  /** Numbers the draws that dequantise the rows of a table, under one seed. Default 0. */
  readonly repeat?: number;
  /** Probes of Hutchinson's estimator; default: the exact trace for D ≤ 64, else one. */
  readonly probes?: number;
  /** How ∇·v is computed, instead of `probes`. */
  readonly divergence?: Divergence;
}

/** Log-likelihoods of rows, their mean with its standard error, and the cost. */
export interface Scores {
  /** log p of each row in nats, in the units of the data; NaN for a row out of reach of the model. */
  readonly logProbability: Float64Array;
  /** Mean of log p of the rows that have one. */
  readonly mean: number;
  /** Number of rows that have none. */
  readonly unscored: number;
  /**
   * Standard error of the mean, for rows drawn from a population; null for one row, whose variance is
   * unknown.
   */
  readonly standardError: number | null;
  /**
   * Standard error of `mean` for these very rows, from the random draws: probes, times and noise of a bound,
   * dequantisation. It is 0 if nothing was drawn. It is null for a single draw, which has no estimate of its
   * error: average several with `averageScores`.
   */
  readonly estimationError: number | null;
  /** The same standard error for each row's log p. */
  readonly rowErrors: Float64Array | null;
  /** −(mean + Σ log step)/(D·ln 2), if all values have steps (dequantised integers have steps of 1). */
  readonly bitsPerDim?: number;
  /** Evaluations of the network for one row (the row with the most evaluations). */
  readonly evaluations: number;
  /** How ∇·v was computed: `exact`, or the name of an estimator. */
  readonly divergence: string;
}

/**
 * Log-likelihoods of rows `[N, ...D]` in nats and in the units of the data (rows must be dequantised if the
 * run is). They come from the probability-flow ODE (Song et al. 2021, eq. 39) from t = 1e-5: log p_x(x) = log
 * p_z(z) − Σ log scale. A run that is a mixture of Gaussians answers in closed form, which takes no
 * evaluations, unless an option is about the flow. A row at an end that many rows share has log P of this
 * end, and names have log P too: exactly by a mixture, by the mean of even draws by a network.
 * @throws usage for rows that do not fit the run, and for a solver that draws noise
 */
export async function logLikelihood(run: Run, x: HostTensor, options: ScoreOptions = {}): Promise<Scores> {
  const { config } = run;
  requireWidth(config, x);
  const { probes, tolerance, grid, seed = 0, ...rest } = options;
  const divergence = options.divergence ?? (probes === undefined ? undefined : hutchinson({ probes, seed }));
  const model = modelOf(run, options);
  const solving = {
    ...rest,
    ...tolerances(tolerance),
    ...(grid !== undefined && { grid: makeGrid(grid) }),
    ...(divergence && { divergence }),
    engine: await sharedEngine(options.engine),
    sde: run.sde,
    solver: makeSolver(options.solver ?? 'rk45'),
  };
  const isClosed = isMixture(model) && !asksFlow(options);
  const names = isClosed ? closedNames(config, x, options) : undefined;
  if (names) return { ...scored(names, config, false), evaluations: 0, divergence: 'exact' };
  const byFlow = (rows: ModelRows) => () =>
    modelLogLikelihood({ ...solving, model: rows.modelFor(model, run.opened) }, rows.x);
  const score = (of: HostTensor, question: Question) =>
    scoresWithinReach(config, of, { ...options, ...question }, rows =>
      scoresOf(model, rows, asksFlow(options), byFlow(rows)),
    );
  const result = await scoresOfNames(config, x, options, (of, rowNumbers) => {
    const question = { ...questionOf(options), ...(rowNumbers && { rowNumbers }) };
    return isClosed ? score(of, question) : averagedScores(config, of, question, score);
  });
  const { logProbability, evaluations, divergence: method } = result;
  const estimated = method !== 'exact';
  return {
    ...scored(logProbability, config, estimated),
    evaluations,
    divergence: method,
  };
}

/** Whether an option asks for the flow, where there is a closed form too. */
const asksFlow = ({ solver, steps, grid, probes, divergence }: ScoreOptions): boolean =>
  [solver, steps, grid, probes, divergence].some(option => option !== undefined);

const questionOf = ({ of, given }: Question): Question => ({ ...(of && { of }), ...(given && { given }) });

/** What all scores of rows contain, whichever method computed them. */
export type Summary = Omit<Scores, 'evaluations' | 'divergence'>;

/** The summary of log-likelihoods in data units. `drawn` separates estimates from exact values. */
export function scored(nats: Float64Array, config: ModelConfig, drawn: boolean): Summary {
  const { logStep, bins, steps, width } = transformOf(config);
  const statistics = summary(
    nats,
    drawn || steps ? null : nats.map(value => (Number.isNaN(value) ? value : 0)),
  );
  return {
    ...statistics,
    ...(bins && { bitsPerDim: bitsPerDimension(statistics.mean + logStep, width) }),
  };
}

/**
 * Averages scores of the same rows from independent draws (other probes, other dequantisation), row by row.
 * The errors come from their scatter: √(variance over the R scores/R) for a row, and √(Σ of the squares of
 * the row errors)/N for the mean.
 * @throws usage for no scores, and for scores of different rows
 */
export function averageScores<S extends Summary>(scores: readonly S[]): S {
  const [first] = scores;
  const count = first?.logProbability.length;
  if (!first || scores.some(each => each.logProbability.length !== count))
    throw usage('These scores cannot be averaged', {
      where: 'averageScores',
      got: scores.map(each => `${each.logProbability.length} rows`).join(', ') || 'none',
      expected: 'scores of the same rows, one or more',
    });
  if (scores.length === 1) return first;
  const repeats = scores.length;
  // Differences are relative to the first score, so that identical scores have variance 0 without rounding
  // error.
  const average = first.logProbability.map(
    (value, i) => value + scores.reduce((sum, each) => sum + (each.logProbability[i]! - value), 0) / repeats,
  );
  const rowErrors = average.map((mean, i) => {
    const squares = scores.reduce((sum, each) => sum + (each.logProbability[i]! - mean) ** 2, 0);
    return Math.sqrt(squares / (repeats - 1) / repeats);
  });
  const bits = scores.reduce((sum, each) => sum + (each.bitsPerDim ?? 0), 0) / repeats;
  const inBits = first.bitsPerDim === undefined ? {} : { bitsPerDim: bits };
  return { ...first, ...summary(average, rowErrors), ...inBits };
}

/** Log-likelihoods of rows with their mean and its errors. */
function summary(logProbability: Float64Array, rowErrors: Float64Array | null): Summary {
  const scores = logProbability.filter(value => !Number.isNaN(value));
  const squares = rowErrors?.reduce((sum, error) => sum + (Number.isNaN(error) ? 0 : error ** 2), 0);
  return {
    logProbability,
    ...meanAndError(scores),
    unscored: logProbability.length - scores.length,
    estimationError: squares === undefined ? null : Math.sqrt(squares) / scores.length,
    rowErrors,
  };
}
