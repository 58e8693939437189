import { linear as linearBeta } from '../schedules/index.ts';
import { vp } from '../sdes/vp.ts';
import { eulerMaruyama } from '../solvers/index.ts';
import { measuredModel } from '../src/guide/guided.ts';
import { pigdm } from '../src/guide/methods/pigdm.ts';
import { ownUnits } from '../src/measure/chart.ts';
import { linear } from '../src/measure/linear.ts';
import type { Observation } from '../src/measure/observation.ts';
import { observe } from '../src/measure/observe.ts';
import type { ScoreModel, ScoreNet } from '../src/score/contract.ts';
import { inBatches, padded } from '../src/solve/batches.ts';
import { integrator } from '../src/solve/integrate.ts';
import { gridPath } from '../src/solve/path.ts';
import { type Shape, sizeOf } from '../src/tensor/index.ts';
import { fresh, normalTensor } from './nets.ts';
import type { Work } from './workloads.ts';

const sde = vp(linearBeta());
const evenly = (steps: number) => Float64Array.from({ length: steps + 1 }, (_, i) => 1 - (0.999 * i) / steps);

/** The first half of the values of a sample is 0.5, with an error of 0.1. */
async function half(shape: Shape): Promise<Observation> {
  const size = sizeOf(shape);
  const rows = Array.from({ length: size / 2 }, (_, i) =>
    Float64Array.from({ length: size }, (_, d) => Number(d === i)),
  );
  const parts = await linear(rows, new Float64Array(size / 2).fill(0.5), { std: 0.1 }).on({ shape });
  return observe(parts, ownUnits(shape));
}

/**
 * Euler-Maruyama from the prior, guided by pigdm, or without guidance; a unit is a step.
 */
export const guidedSampling = (
  net: ScoreNet,
  shape: Shape,
  {
    batch,
    steps,
    flops,
    calls,
    unit,
  }: Pick<Work, 'flops' | 'calls' | 'unit'> & { batch: number; steps: number },
  guide = (model: ScoreModel, observation: Observation) => measuredModel(sde, model, observation, pigdm()),
): Work => ({
  unit,
  flops,
  calls,
  async ready(engine) {
    const model = guide(fresh(net, sde, shape).model, await half(shape));
    const solve = integrator(
      { engine, sde, model, solver: eulerMaruyama(), path: gridPath(0) },
      evenly(steps),
    );
    const all = normalTensor('start', [batch, ...shape], 1);
    const start = (first: number, rows: number) => padded(all, first, rows);
    const journey = { engine, model, integrator: solve, count: batch, start };
    return { units: steps, call: async () => void (await inBatches(journey, {})) };
  },
});
