import { coefficients } from '../../../sde/coefficients.ts';
import type { Solver } from '../../../solve/contract.ts';
import { transport } from '../../../solve/sample.ts';
import { type DataTensor, type HostTensor, mul } from '../../../tensor/index.ts';
import type { Run } from '../../run.ts';
import type { UseOptions } from '../options.ts';
import { requireWidth, toData, toModel } from '../units.ts';
import { solveOptions, timeOfNoise } from './options.ts';

/** How modes are sought. */
export interface ModesOptions extends Omit<UseOptions, 'solver'> {
  /** The noise σ/α at which ascent begins, in standard deviations of the data. Default 1. */
  readonly noise?: number;
}

/**
 * The mode of p near each row [N, ...D], in the units of the data: x ← E[x₀ | x_t = α·x] from a noise level
 * down to the least (mean shift on the smoothed density, whose width falls). A high level finds the mode of
 * the region, a low one the nearest. Default 100 steps.
 */
export async function modes(
  run: Run,
  x: HostTensor,
  { noise = 1, ...options }: ModesOptions = {},
): Promise<DataTensor> {
  requireWidth(run.config, x);
  const t = timeOfNoise(run, noise);
  const { solver: _solver, ...solve } = await solveOptions(run, options, { solver: 'ddim', steps: 100 });
  const { scale } = run.sde.marginal(t);
  const { data, shape } = toModel(run.config, x);
  const start = { data: data.map(value => scale * value), shape };
  const end = await transport({ ...solve, solver: meanShift, tMax: t }, start, 'decode');
  const last = run.sde.marginal(run.sde.tMin).scale;
  return {
    data: toData(
      run.config,
      end.data.map(value => value / last),
    ),
    shape: x.shape,
  };
}

/** x_s = α_s·x̂(x_t): no noise is kept. */
const meanShift: Solver = Object.freeze({
  name: 'mean-shift',
  order: 0,
  noise: 'none',
  evaluationsPerStep: 1,
  step({ problem, x, t, s }) {
    const [scale] = coefficients(time => [problem.sde.marginal(time).scale] as const, s);
    return { x: mul(problem.data(x, t), scale) };
  },
} satisfies Solver);
