import { type Options, type Solver, withDefaults } from '../src/plugin.ts';

/** Leaves x unchanged: the predictor of annealed Langevin dynamics, where the corrector does all the work. */
export function none(options: Options<Record<never, never>> = {}): Solver {
  withDefaults('none', {}, options);
  return Object.freeze({
    name: 'none',
    order: 0,
    noise: 'none',
    evaluationsPerStep: 0,
    step: ({ x }) => ({ x }),
  } satisfies Solver);
}
