import { expect, it } from 'vitest';
import { openDataset } from '../../src/data/index.ts';
import { makeEngine } from '../../src/engine/index.ts';
import { variationalBound } from '../../src/likelihood/bound.ts';
import { key } from '../../src/random/index.ts';
import { train } from '../../src/run/train/train.ts';
import { likelihoodBound } from '../../src/run/use/bound.ts';
import { logLikelihood } from '../../src/run/use/likelihood.ts';
import { scalesOfConfig } from '../support/affine.ts';

const engine = await makeEngine('onnx');
const run = await train({
  data: 'eight-gaussians',
  objective: { name: 'denoising', weighting: 'likelihood', times: 'importance' },
  net: { name: 'mlp', width: 64, depth: 2 },
  steps: 1500,
  learningRate: 3e-3,
  engine,
});

async function points(count: number) {
  const data = await openDataset('eight-gaussians');
  const z = new Float32Array(2 * count);
  data.read(
    z,
    key(5, 'test'),
    Uint32Array.from({ length: count }, (_, i) => i),
  );
  return { z, x: { data: data.transform.inverse(z, new Float32Array(2 * count)), shape: [count, 2] } };
}

it('a trained run has a lower bound close to its likelihood', async () => {
  const { x } = await points(1000);
  const bound = await likelihoodBound(run, x, { engine, draws: 128 });
  const exact = await logLikelihood(run, x, { engine, tolerance: 1e-3 });
  const slack = 4 * Math.hypot(bound.standardError!, exact.standardError!);
  expect(bound.evaluations).toBe(128);
  expect(bound.mean).toBeLessThan(exact.mean + slack);
  expect(bound.mean).toBeGreaterThan(exact.mean - 1);
});

it('is the bound of the model, in the units of the data', async () => {
  const { x } = await points(16);
  const { shift, scale } = scalesOfConfig(run.config);
  const z = x.data.map((value, i) => (value - shift[i % 2]!) / scale[i % 2]!);
  const options = { engine, draws: 8, seed: 3 };
  const inner = await variationalBound(
    { ...options, sde: run.sde, model: run.model },
    { data: z, shape: x.shape },
  );
  const slope = scale.reduce((sum, value) => sum - Math.log(value), 0);
  const { logProbability, bitsPerDim } = await likelihoodBound(run, x, options);
  expect(logProbability).toEqual(inner.logProbability.map(value => value + slope));
  expect(bitsPerDim, 'a density without bins has no bits').toBeUndefined();
});

it('refuses rows of another width', async () => {
  await expect(likelihoodBound(run, { data: new Float32Array(3), shape: [1, 3] })).rejects.toThrow(
    /do not fit/,
  );
});
