import { play } from './play.ts';
import { runs } from './runs.ts';
import { tables } from './tables.ts';

export const work = { ...play, ...runs, ...tables };
/** The functions of the worker. */
export type Work = typeof work;
