import type { Engine } from '../src/engine/index.ts';
import { fillNormal, key } from '../src/random/index.ts';
import { median } from './measure.ts';
import { sampling } from './workloads.ts';

export interface NoiseShare {
  readonly batch: number;
  /** Times in µs to draw the normals of one step, and of the whole step. */
  readonly draw: number;
  readonly step: number;
  readonly share: number;
}

const STEPS = 100;

/**
 * The share of a sampler step that drawing noise takes. Draws and solves alternate, so that both run under
 * the same conditions.
 */
export async function noiseShare(engine: Engine, batch: number): Promise<NoiseShare> {
  const { call } = await sampling(batch, STEPS).ready(engine);
  const draws = () => {
    for (let step = 0; step < STEPS; step++)
      fillNormal(new Float32Array(2 * batch), key(0, 'path'), { step, first: 0, size: 2 });
  };
  const time = async (work: () => unknown) => {
    const start = performance.now();
    await work();
    return ((performance.now() - start) * 1000) / STEPS;
  };
  const [drawing, stepping]: [number[], number[]] = [[], []];
  for (let turn = 0; turn < 9; turn++) {
    const [draw, step] = [await time(draws), await time(call)];
    if (turn < 2) continue;
    drawing.push(draw);
    stepping.push(step);
  }
  const [draw, step] = [median(drawing), median(stepping)];
  return { batch, draw, step, share: draw / step };
}
