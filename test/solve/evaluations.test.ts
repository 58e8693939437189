import { describe, expect, it } from 'vitest';
import { makeEngine } from '../../src/engine/index.ts';
import { hutchinson } from '../../src/likelihood/divergence.ts';
import { logLikelihood } from '../../src/likelihood/likelihood.ts';
import { makeSde } from '../../src/registry/sdes.ts';
import { makeSolver } from '../../src/registry/solvers.ts';
import { gaussianModel } from '../../src/score/analytic/index.ts';
import { sample } from '../../src/solve/sample.ts';

const sde = await makeSde('vp');
const model = gaussianModel({ mean: [0.5, -0.5], std: 0.3 }, sde);

describe.each(['onnx', 'wasm'] as const)('evaluations are the calls of the network (%s)', async name => {
  const engine = await makeEngine(name);
  const spent = async (solver: object | string, steps: number, denoise = false, count = 5) => {
    const options = { engine, sde, model, solver: makeSolver(solver as never), steps, count, denoise };
    return (await sample({ ...options, batch: 2 })).evaluations;
  };

  it.each([
    ['heun', 14],
    ['ddim', 7],
    // Its slope at the start comes before seven steps of six evaluations.
    ['rk45', 43],
    ['unipc', 8],
    // Order 3 needs two evaluations in the step without a past.
    [{ name: 'dpm-solver++', order: 3 }, 8],
    [{ name: 'predictor-corrector', steps: 2 }, 21],
  ])('%o', async (solver, calls) => {
    expect(await spent(solver, 7)).toBe(calls);
    expect(await spent(solver, 7, true)).toBe(calls + 1);
  });

  it('are the same over several calls of the engine as in one', async () => {
    expect(await spent({ name: 'dpm-solver++', order: 3 }, 130)).toBe(131);
  });

  it('of an adaptive solver are one at the start and six for each step of the slowest sample', async () => {
    const { evaluations } = await sample({
      engine,
      sde,
      model,
      solver: makeSolver('rk45'),
      count: 4,
      denoise: false,
    });
    expect(evaluations).toBeGreaterThan(6);
    expect(evaluations % 6).toBe(1);
  });

  it('of a likelihood serve all of its probes', async () => {
    const x = { data: Float32Array.of(0.4, -0.6), shape: [1, 2] };
    const options = { engine, sde, model, solver: makeSolver('heun'), steps: 5 };
    const probed = (probes: number) => logLikelihood({ ...options, divergence: hutchinson({ probes }) }, x);
    expect((await probed(1)).evaluations).toBe(10);
    expect((await probed(3)).evaluations).toBe(10);
  });
});
