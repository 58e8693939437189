import type { Dataset } from '../../data/index.ts';
import type { RunConfig } from '../folder/config.ts';
import type { Curves } from '../folder/curves.ts';
import type { Starts } from '../folder/starts.ts';

/** The starts of a table that has few validation rows. */
export function startsOf({ transform, transformOfAll: all }: Dataset): Starts | undefined {
  if (transform.kind !== 'table' || all?.kind !== 'table') return undefined;
  return { training: transform.toJSON(), all: all.toJSON() } as Starts;
}

/**
 * The configuration of a finished training. If the validation keeps the start, the network adds nothing to
 * it, so it may be fitted to the rows of the validation too.
 */
export const finished = (config: RunConfig, starts: Starts | undefined, { validation }: Curves): RunConfig =>
  starts && validation?.best === 0 ? { ...config, transform: starts.all } : config;
