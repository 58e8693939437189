import { sharedEngine } from '../../engine/shared.ts';
import { makeGrid } from '../../registry/grids.ts';
import { makeSolver } from '../../registry/solvers.ts';
import { type Samples, transport } from '../../solve/sample.ts';
import type { HostTensor } from '../../tensor/index.ts';
import type { Run } from '../run.ts';
import { modelOf } from './labels.ts';
import { tolerances, type UseOptions } from './options.ts';
import type { DataSamples } from './sample.ts';
import { requireWidth, toData, toModel } from './units.ts';

/**
 * Moves data `[N, ...D]`, in their own units, along the probability flow to latents at tMax; `decode` moves
 * them back. Latents are in the units of the model, about N(0, prior.std² I).
 * @throws usage for rows that do not fit the run, and for a solver that draws noise
 */
export async function encode(run: Run, x: HostTensor, options: UseOptions = {}): Promise<Samples> {
  requireWidth(run.config, x);
  return transport(await flowOptions(run, options), toModel(run.config, x), 'encode');
}

/**
 * Moves latents `[N, ...D]` at tMax along the probability flow back to data: the inverse of `encode` up to
 * the errors of both solves. The flow amplifies these errors on its way to the data, between the modes of a
 * mixture about 50 times. There, at the default tolerance 1e-5, a point of size 1 returns with an error of
 * about 2e-4. With the schedule `cosine` it is 2e-2: the step across the kink at t = 0.998, where β reaches
 * its limit, has an error estimate that is too small. A tolerance of 1e-7 gives 2e-4 there.
 */
export async function decode(run: Run, latents: HostTensor, options: UseOptions = {}): Promise<DataSamples> {
  const z = { data: Float32Array.from(latents.data), shape: latents.shape };
  const end = await transport(await flowOptions(run, options), z, 'decode');
  const data = toData(run.config, end.data);
  return { ...end, data, shape: [end.shape[0]!, ...run.config.data.shape] };
}

const flowOptions = async (run: Run, { tolerance, grid, ...options }: UseOptions) => ({
  ...options,
  ...(grid !== undefined && { grid: makeGrid(grid) }),
  ...tolerances(tolerance),
  engine: await sharedEngine(options.engine),
  sde: run.sde,
  model: modelOf(run, options),
  solver: makeSolver(options.solver ?? 'rk45'),
});
