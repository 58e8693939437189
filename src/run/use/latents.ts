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
 * Carries data `[N, ...D]`, in their own units, to latents at tMax along the probability flow; `decode`
 * carries them back. Latents are in the model's units, about N(0, prior.std² I).
 * @throws usage for rows that do not fit the run, and for a solver that draws noise
 */
export async function encode(run: Run, x: HostTensor, options: UseOptions = {}): Promise<Samples> {
  requireWidth(run.config, x);
  return transport(
    await flowOptions(run, options),
    { data: toModel(run.config, x.data), shape: x.shape },
    'encode',
  );
}

/**
 * Carries latents `[N, ...D]` at tMax back to data along the probability flow: the inverse of `encode` up to
 * the errors of both solves, which the flow stretches on its way to the data, between the modes of a mixture
 * about 50 times. There, at the default tolerance 1e-5, a point of size 1 comes back to about 2e-4; under the
 * schedule `cosine` to 2e-2, because the step across the bend at t = 0.998, where β is held, is judged too
 * well. A tolerance of 1e-7 gives 2e-4 there.
 */
export async function decode(run: Run, latents: HostTensor, options: UseOptions = {}): Promise<DataSamples> {
  const z = { data: Float32Array.from(latents.data), shape: latents.shape };
  const end = await transport(await flowOptions(run, options), z, 'decode');
  return { ...end, data: toData(run.config, end.data) };
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
