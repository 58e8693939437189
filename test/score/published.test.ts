import { describe, expect, it } from 'vitest';
import { makeEngine } from '../../src/engine/index.ts';
import { makeSde } from '../../src/registry/sdes.ts';
import { type PublishedConfig, publishedNet } from '../../src/score/nets/published-net.ts';
import { publishedModel } from '../../src/score/published-model.ts';
import type { PlainTensor } from '../../src/tensor/index.ts';
import { values } from '../support/draw.ts';

const vpNet: PublishedConfig = {
  name: 'ncsnpp',
  image_size: 4,
  num_channels: 1,
  centered: true,
  nf: 8,
  ch_mult: [1],
  num_res_blocks: 1,
  attn_resolutions: [],
  embedding_type: 'positional',
  init_scale: 1,
};
const veNet: PublishedConfig = { ...vpNet, centered: false, embedding_type: 'fourier', scale_by_sigma: true };
const discreteVeNet: PublishedConfig = { ...veNet, embedding_type: 'positional' };
const weightsOf = (config: PublishedConfig) => publishedNet(config).init(4);

/**
 * The raw output of a model at one time, and that of its network with the condition `level`, divided by
 * `sigma`.
 */
async function bothAt(
  options: Parameters<typeof publishedModel>[0],
  t: number,
  level: number,
  sigma: number,
) {
  const engine = await makeEngine('onnx');
  const model = publishedModel(options);
  const net = publishedNet(options.config);
  const names = Object.keys(net.weights);
  const x: PlainTensor = { shape: [2, 1, 4, 4], data: values(1, 32) };
  const program = engine.compile<number>(
    (ws, [batch, told, divisor], time) => [
      model.raw(ws, batch!, time),
      net.apply(Object.fromEntries(names.map((name, i) => [name, ws[i]!])), batch!, told!, {
        sigma: divisor!,
      }),
    ],
    model.weights,
  );
  const one = (v: number): PlainTensor => ({ shape: [1], data: Float32Array.of(v) });
  const [raw, direct] = await program.run([x, one(level), one(sigma)], t);
  const read = [await engine.read(raw!), await engine.read(direct!)] as const;
  await program.dispose();
  return read;
}

describe('conventions of the published code', () => {
  it('VP: label 999·t, the output is the noise', async () => {
    const sde = await makeSde('vp');
    const options = { config: vpNet, params: weightsOf(vpNet), sde };
    const [raw, direct] = await bothAt(options, 0.37, 999 * 0.37, 1);
    expect(Array.from(raw)).toBeAllClose(direct, 1e-5);
    expect(publishedModel(options).noiseForm(0.37)).toEqual({ a: 0, b: 1 });
  });

  it('VP at 1000 levels: label 999·t, and the noise of DDPM’s table at the level below', async () => {
    const sde = await makeSde({ name: 'vp', schedule: { name: 'linear', betaMin: 0.1, betaMax: 20 } });
    const options = { config: vpNet, params: weightsOf(vpNet), sde, levels: 1000 };
    const betas = Array.from({ length: 1000 }, (_, k) => 1e-4 + (0.02 - 1e-4) * (k / 999));
    const kept = betas.slice(0, 501).reduce((product, beta) => product * (1 - beta), 1);
    const t = 500.4 / 999;
    const { a, b } = publishedModel(options).noiseForm(t);
    expect(a).toBe(0);
    expect(b * Math.sqrt(1 - kept)).toBeCloseTo(sde.marginal(t).std, 8);
  });

  it('VE: the condition is σ, the output is the score', async () => {
    const sde = await makeSde({ name: 've', schedule: { name: 'geometric', sigmaMin: 0.01, sigmaMax: 50 } });
    const options = { config: veNet, params: weightsOf(veNet), sde };
    const sigma = 0.01 * 5000 ** 0.6;
    const [raw, direct] = await bothAt(options, 0.6, sigma, sigma);
    expect(Array.from(raw)).toBeAllClose(direct, 1e-5);
    expect(publishedModel(options).noiseForm(0.6).b).toBeCloseTo(-sigma, 10);
  });

  it('VE at levels: the condition is the number of the level from the loudest, and the output is divided by its σ', async () => {
    const sde = await makeSde({ name: 've', schedule: { name: 'geometric', sigmaMin: 0.01, sigmaMax: 50 } });
    const options = { config: discreteVeNet, params: weightsOf(discreteVeNet), sde, levels: 11 };
    const sigmas = Array.from({ length: 11 }, (_, k) => 50 * (0.01 / 50) ** (k / 10));
    const [raw, direct] = await bothAt(options, 0.72, 3, sigmas[3]!);
    expect(Array.from(raw)).toBeAllClose(direct, 1e-5);
  });

  it('lists weights that are missing or have a wrong shape', async () => {
    const sde = await makeSde('vp');
    const { 'all_modules.2.weight': _gone, ...rest } = weightsOf(vpNet);
    const params = { ...rest, 'all_modules.2.bias': { shape: [3], data: new Float32Array(3) } };
    expect(() => publishedModel({ config: vpNet, params, sde })).toThrow(
      /all_modules\.2\.weight is missing; all_modules\.2\.bias is \[3\], not \[8\]/,
    );
  });

  it('refuses SDEs that the paper does not have, and continuous times for networks of levels', async () => {
    const params = weightsOf(vpNet);
    const flow = await makeSde('rectified-flow');
    expect(() => publishedModel({ config: vpNet, params, sde: flow })).toThrow(/vp, sub-vp or ve/);
    const ve = await makeSde('ve');
    expect(() => publishedModel({ config: discreteVeNet, params, sde: ve })).toThrow(/how many/);
    const ddpm: PublishedConfig = { ...veNet, name: 'ddpm', nf: 32 };
    expect(() => publishedModel({ config: ddpm, params: weightsOf(ddpm), sde: ve })).toThrow(/how many/);
  });
});
