import { expect, it } from 'vitest';
import { geometric } from '../../schedules/index.ts';
import { ve } from '../../sdes/ve.ts';
import { logNormaliser, modelTarget } from '../../src/chains/index.ts';
import { makeEngine } from '../../src/engine/index.ts';
import { gaussianModel, mixtureModel } from '../../src/score/analytic/index.ts';

const engine = await makeEngine();
const sde = ve(geometric({ sigmaMin: 0.3, sigmaMax: 10 }));
const means = [
  [-1, 0.5],
  [1, -0.5],
];

it.each([
  { name: 'a mixture', model: mixtureModel({ weights: [0.3, 0.7], means, stds: 0.3 }, sde) },
  { name: 'a narrow Gaussian', model: gaussianModel({ mean: [0.5, 0, -0.5], std: [0.1, 0.4, 1] }, sde) },
])('log Z of $name lies within three standard errors', async ({ model }) => {
  const { value, standardError } = await logNormaliser({
    engine,
    target: modelTarget(model, sde, 0),
    chains: 128,
  });
  // The energy of a model is −log p up to a constant, and that constant is log Z.
  const at = model.shape[0] === 2 ? [0.2, -0.1] : [0.2, -0.1, 0.4];
  const program = engine.compile<null>(
    (weights, [x]) => [model.rawAndEnergy!(weights, x!, 0).energy],
    model.weights,
  );
  const [energy] = await program.run(
    [engine.put({ data: Float32Array.from(at), shape: [1, at.length] })],
    null,
  );
  const exact = -(await engine.read(energy!))[0]! - model.logDensity(at, 0);
  expect(standardError).toBeLessThan(0.1);
  expect(Math.abs(value - exact)).toBeLessThan(3 * standardError);
});

it('a score alone has no log Z', async () => {
  const { rawAndEnergy: _, ...model } = gaussianModel({ mean: [0], std: 1 }, sde);
  await expect(logNormaliser({ engine, target: modelTarget(model, sde, 0) })).rejects.toThrow(/--net energy/);
});
