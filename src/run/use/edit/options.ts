import { sharedEngine } from '../../../engine/shared.ts';
import { usage } from '../../../errors.ts';
import { makeGrid } from '../../../registry/grids.ts';
import { makeSolver, type SolverSpec } from '../../../registry/solvers.ts';
import { timeAtLogSnr } from '../../../sde/log-snr.ts';
import type { Run } from '../../run.ts';
import { modelOf } from '../labels.ts';
import { tolerances, type UseOptions } from '../options.ts';

/** A solve of a run, with a solver that fits the task if none is named. */
export async function solveOptions(
  run: Run,
  { tolerance, grid, solver, steps, ...options }: UseOptions,
  usual: { readonly solver: SolverSpec; readonly steps?: number },
) {
  const ownSolver = solver !== undefined;
  const count = steps ?? (ownSolver ? undefined : usual.steps);
  const times = grid ?? (ownSolver || count === undefined ? undefined : 'log-snr');
  return {
    ...options,
    ...tolerances(tolerance),
    ...(count !== undefined && { steps: count }),
    ...(times !== undefined && { grid: makeGrid(times) }),
    engine: await sharedEngine(options.engine),
    sde: run.sde,
    model: modelOf(run, options),
    solver: makeSolver(solver ?? usual.solver),
  };
}

/** The time at which the noise has so many standard deviations of the data, σ/α. */
export function timeOfNoise({ sde }: Run, noise: number): number {
  if (!(noise > 0 && Number.isFinite(noise)))
    throw usage('The noise has to be above 0', { where: 'noise', got: noise });
  return timeAtLogSnr(sde, -2 * Math.log(noise));
}
