import { describe, expect, it } from 'vitest';
import { makeEngine } from '../../src/engine/index.ts';
import { exact, hutchinson } from '../../src/likelihood/divergence.ts';
import { LIKELIHOOD_T_MIN } from '../../src/likelihood/first-time.ts';
import { logLikelihood } from '../../src/likelihood/likelihood.ts';
import { makeGrid } from '../../src/registry/grids.ts';
import { makeSde } from '../../src/registry/sdes.ts';
import { makeSolver } from '../../src/registry/solvers.ts';
import { gaussianModel, mixtureModel } from '../../src/score/analytic/index.ts';
import { values } from '../support/draw.ts';

const engine = await makeEngine('onnx');
const tolerances = { rtol: 1e-6, atol: 1e-6 };
const solver = makeSolver('rk45');
const row = (x: Float32Array, i: number, size: number) =>
  Float64Array.from(x.subarray(i * size, (i + 1) * size));

describe.each(['vp', 'sub-vp', 've'])('on exact scores under %s', name => {
  it('equals the closed form of Gaussian data to 1e-4 nats per dimension at tolerance 1e-6', async () => {
    const sde = await makeSde(name as never);
    const size = 3;
    const model = gaussianModel({ mean: [0.3, -0.5, 0], std: [0.6, 1.2, 0.2] }, sde);
    const data = values(1, 20 * size, -1.5, 1.5);
    // The true law at T instead of the prior of the SDE, so that only the error of the solver is left.
    const prior = (x: Float32Array) => model.logDensity(Float64Array.from(x), sde.tMax);
    const got = await logLikelihood(
      { engine, sde, model, solver, tolerances, prior },
      { data, shape: [20, size] },
    );
    const closed = Array.from({ length: 20 }, (_, i) =>
      model.logDensity(row(data, i, size), LIKELIHOOD_T_MIN),
    );
    got.logProbability.forEach((value, i) => {
      expect(Math.abs(value - closed[i]!) / size).toBeLessThan(1e-4);
    });
  });

  it('differs only by the prior gap if the prior is that of the SDE', async () => {
    const sde = await makeSde(name as never);
    const model = gaussianModel({ mean: [0, 0], std: [1, 1] }, sde);
    const data = values(2, 20, -1, 1);
    const got = await logLikelihood({ engine, sde, model, solver, tolerances }, { data, shape: [10, 2] });
    const closed = Array.from({ length: 10 }, (_, i) => model.logDensity(row(data, i, 2), LIKELIHOOD_T_MIN));
    expect(Array.from(got.logProbability)).toBeAllClose(closed, 1e-3);
  });
});

describe("Hutchinson's estimator", () => {
  const mixture = {
    weights: [0.4, 0.6],
    means: [
      [-1, 0.2],
      [0.8, -0.3],
    ],
    stds: [0.3, 0.4],
  };

  it.each(['rademacher', 'gaussian'] as const)(
    'agrees with the exact trace within its own error (%s)',
    async law => {
      const sde = await makeSde('vp');
      const model = mixtureModel(mixture, sde);
      const data = new Float32Array(400).map((_, i) => (i % 2 ? 0.1 : 0.7));
      const x = { data, shape: [200, 2] };
      const options = {
        engine,
        sde,
        model,
        solver: makeSolver('heun'),
        steps: 100,
        grid: makeGrid('log-snr'),
      };
      const truth = (await logLikelihood({ ...options, divergence: exact() }, x)).logProbability[0]!;
      const { logProbability } = await logLikelihood(
        { ...options, divergence: hutchinson({ law, probes: 2 }) },
        x,
      );
      const mean = logProbability.reduce((sum, v) => sum + v, 0) / 200;
      const deviation = Math.sqrt(logProbability.reduce((sum, v) => sum + (v - mean) ** 2, 0) / 199 / 200);
      expect(deviation).toBeGreaterThan(1e-3);
      expect(Math.abs(mean - truth)).toBeLessThan(4 * deviation);
    },
  );

  it('is exact for Rademacher probes if the Jacobian is diagonal', async () => {
    const sde = await makeSde('vp');
    const model = gaussianModel({ mean: [0, 1], std: [0.5, 2] }, sde);
    const x = { data: values(4, 8), shape: [4, 2] };
    const options = { engine, sde, model, solver, tolerances };
    const one = await logLikelihood({ ...options, divergence: hutchinson() }, x);
    const all = await logLikelihood({ ...options, divergence: exact() }, x);
    expect(one.logProbability).toBeAllClose(all.logProbability, 1e-5);
  });
});
