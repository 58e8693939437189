import { type Dataset, mixtureJson, standardGaussian } from '../../data/index.ts';
import type { RunConfig } from '../folder/config.ts';
import type { Curves, ValidationCurve } from '../folder/curves.ts';
import type { Starts } from '../folder/starts.ts';

/** The starts of a table that keeps rows for validation. */
export function startsOf({ transform, transformOfAll, mixtureStart }: Dataset): Starts | undefined {
  if (transform.kind !== 'table' || !(transformOfAll || mixtureStart)) return undefined;
  const jsons = (one: Dataset['transform'], all: Dataset['transform'] | undefined) => ({
    training: one.toJSON(),
    ...(all && { all: all.toJSON() }),
  });
  return {
    ...jsons(transform, transformOfAll),
    ...(mixtureStart && { mixture: jsons(mixtureStart.transform, mixtureStart.transformOfAll) }),
  } as Starts;
}

/** What a finished training uses. */
export interface Finish {
  /** The configuration of the run: with a start that was fitted to all rows, if no network is used. */
  readonly config: RunConfig;
  /** The same as it was validated. */
  readonly validated: RunConfig;
  /** Whether the run is a mixture without a network. */
  readonly isMixture: boolean;
}

/**
 * What the validation prefers: its best weights, or a mixture. Where the best weights are the first, the
 * network adds nothing to its start. Then the start may be fitted to the rows of the validation too.
 */
export function finished(config: RunConfig, starts: Starts | undefined, { validation }: Curves): Finish {
  const mixture = validation && prefersMixture(validation) ? starts?.mixture : undefined;
  const kept = mixture ?? (starts && validation?.best === 0 ? gaussianLaws(starts) : undefined);
  const validated = kept ? { ...config, transform: kept.training } : config;
  return {
    config: kept?.all ? { ...config, transform: kept.all } : validated,
    validated,
    isMixture: mixture !== undefined,
  };
}

/** The Gaussian starts as mixtures of one: a run that is such a law answers questions in closed form. */
const gaussianLaws = ({ training, all }: Starts) => ({
  training: asLaw(training),
  ...(all && { all: asLaw(all) }),
});

function asLaw(json: Starts['training']): Starts['training'] {
  const { mean, covariance } = json.gaussian;
  // Of very many columns only the variances are known.
  if (covariance.length < mean.length ** 2) return json;
  const gaussian = { mean: Float64Array.from(mean), covariance: Float64Array.from(covariance) };
  const mixture = mixtureJson({ weights: [1], components: [standardGaussian(gaussian)] });
  return { ...json, mixture } as Starts['training'];
}

/** Whether a mixture is ahead of the best weights. */
export function prefersMixture({ points, best, mixture }: ValidationCurve): boolean {
  const point = points.find(({ step }) => step === best);
  return mixture !== undefined && point !== undefined && scoreOf(mixture) > scoreOf(point);
}

/** What is compared: the nats, or their mean with those of the questions. */
export const scoreOf = ({
  nats,
  score,
}: {
  readonly nats: number;
  readonly score?: number | undefined;
}): number => score ?? nats;
