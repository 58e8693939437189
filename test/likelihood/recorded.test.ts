import { existsSync, readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { makeEngine } from '../../src/engine/index.ts';
import { readSafetensors } from '../../src/files/index.ts';
import { logLikelihood } from '../../src/likelihood/likelihood.ts';
import { makeSde } from '../../src/registry/sdes.ts';
import { makeSolver } from '../../src/registry/solvers.ts';
import { gaussianModel } from '../../src/score/analytic/index.ts';

const FOLDER = '../shared/fixtures/score_sde/samplers';
const present = existsSync(FOLDER);
if (!present) console.log(`skipped: the recorded likelihoods are not there (${FOLDER})`);

/**
 * Gaussian data of shape [2, 2, 2], scored by the published code. `exact_logp` is the closed form at t = 0.
 */
describe.skipIf(!present).each([
  ['vp', { name: 'vp' }],
  // With std = σ(t), as in the published code, data at t = 0 would carry noise σ(0), which this closed form
  // does not include.
  ['ve', { name: 've', exactVariance: true }],
])('recorded likelihoods of the published code (%s)', (name, spec) => {
  const recorded = () => {
    const { tensors } = readSafetensors(readFileSync(`${FOLDER}/lik-${name}.safetensors`), name);
    return (key: string) => Float64Array.from(tensors.get(key)!.data as Float64Array);
  };

  it('has their exact values to 1e-4 nats per dimension, with the true law at T as prior', async () => {
    const get = recorded();
    const sde = await makeSde(spec as never);
    const model = gaussianModel({ mean: [...get('mu')], std: [...get('s0')], shape: [2, 2, 2] }, sde);
    const x = { data: Float32Array.from(get('x')), shape: [4, 2, 2, 2] };
    const got = await logLikelihood(
      {
        engine: await makeEngine('onnx'),
        sde,
        model,
        solver: makeSolver('rk45'),
        tolerances: { rtol: 1e-6, atol: 1e-6 },
        prior: latent => model.logDensity(Float64Array.from(latent), sde.tMax),
      },
      x,
    );
    const exact = get('exact_logp');
    got.logProbability.forEach((value, i) => {
      expect(Math.abs(value - exact[i]!) / 8, `row ${i}`).toBeLessThan(1e-4);
    });
    expect(got.latents.data).toBeAllClose(get('latent'), 1e-3);
  });
});
