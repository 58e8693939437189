import type { Dataset } from '../../data/index.ts';
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
  const kept = mixture ?? (validation?.best === 0 ? starts : undefined);
  const validated = mixture ? { ...config, transform: mixture.training } : config;
  return {
    config: kept?.all ? { ...config, transform: kept.all } : validated,
    validated,
    isMixture: mixture !== undefined,
  };
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
