import { beforeAll, describe, expect, it } from 'vitest';
import { finiteDataset } from '../../src/data/index.ts';
import { makeEngine } from '../../src/engine/index.ts';
import { fillNormal, key } from '../../src/random/index.ts';
import type { TrainedRun } from '../../src/run/run.ts';
import { train } from '../../src/run/train/train.ts';
import { decode, encode } from '../../src/run/use/latents.ts';
import { logLikelihood } from '../../src/run/use/likelihood.ts';
import { sample } from '../../src/run/use/sample.ts';
import { samplePath } from '../../src/run/use/trajectory.ts';

const engine = await makeEngine('wasm');
const count = 400;
/** Standard normals rounded to multiples of 2⁻¹⁶, so that a + b·x is exact for the a and b below. */
const normals = new Float32Array(count);
fillNormal(normals, key(3, 'rows'), { step: 0, first: 0, size: 1 });
const x = Float64Array.from(normals, value => Math.round(value * 2 ** 16) / 2 ** 16);
const training = { steps: 50, batch: 32, net: { name: 'mlp', width: 8, depth: 1 }, engine, seed: 5 } as const;
const trained = (values: Float64Array) =>
  train({ ...training, data: finiteDataset('t', { where: 't', values, count, shape: [1] }) });
const flow = { engine, solver: 'heun', steps: 10, grid: 'karras' } as const;

/**
 * The results of a model must not depend on the units: p(a + b·x) = p(x)/b, and samples change in the same
 * way.
 */
describe('data in other units', () => {
  let plain: TrainedRun;
  beforeAll(async () => {
    plain = await trained(x);
  });

  it.each([
    ['a large offset', 1e9, 1],
    ['Julian dates', 2_459_000, 1],
    ['a large offset below zero', -(2 ** 34), 1],
    ['small units', 0, 2 ** -700],
    ['large units', 0, 2 ** 700],
    ['both', 2 ** 40, 2 ** 7],
  ])(
    '%s: samples, densities, latents and trajectories are those of the plain units, transformed',
    async (_, a, b) => {
      const moved = x.map(value => a + b * value);
      const run = await trained(moved);
      const back = (values: Float64Array) => values.map(value => (value - a) / b);
      const near = (got: Float64Array, wanted: Float64Array) =>
        got.forEach((value, i) => {
          expect(Math.abs(value - wanted[i]!)).toBeLessThan(1e-3);
        });
      const options = { engine, count: 200, seed: 1 };
      const [here, there] = [await sample(plain, options), await sample(run, options)];
      expect(there.data).toBeInstanceOf(Float64Array);
      expect(new Set(there.data).size).toBe(new Set(here.data).size);
      near(back(there.data), here.data);
      const rows = { data: moved.subarray(0, 50), shape: [50, 1] };
      const [p, q] = [
        await logLikelihood(plain, { data: x.subarray(0, 50), shape: [50, 1] }, flow),
        await logLikelihood(run, rows, flow),
      ];
      near(
        q.logProbability.map(value => value + Math.log(b)),
        p.logProbability,
      );
      const round = await decode(run, await encode(run, rows, flow), flow);
      round.data.forEach((value, i) => {
        expect(Math.abs(value - rows.data[i]!) / b).toBeLessThan(0.1);
      });
      const path = await samplePath(run, { ...options, count: 4, frames: 3 });
      expect([...path.frames.at(-1)!.x.data]).toEqual([...path.samples.data]);
      expect(new Set(path.frames.flatMap(frame => [...frame.x.data])).size).toBe(12);
    },
  );
});
