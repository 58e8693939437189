import { describe, expect, it } from 'vitest';
import { makeEngine } from '../../src/engine/index.ts';
import { variationalBound } from '../../src/likelihood/bound.ts';
import { fixedBound } from '../../src/likelihood/fixed-bound.ts';
import { makeNet } from '../../src/registry/nets.ts';
import { makeSde } from '../../src/registry/sdes.ts';
import { gaussianModel, mixtureModel } from '../../src/score/analytic/index.ts';
import type { ScoreModel } from '../../src/score/contract.ts';
import { networkModel } from '../../src/score/model.ts';
import { add } from '../../src/tensor/index.ts';
import { values } from '../support/draw.ts';

const engine = await makeEngine('onnx');
const std = [0.6, 1.2, 0.4];
const mean = [0.3, -0.5, 0];
const average = (list: Float64Array) => list.reduce((sum, value) => sum + value, 0) / list.length;

/** Rows within 1.5 standard deviations of the mean. */
const rows = (count: number) => ({
  data: Float32Array.from(values(4, 3 * count, -1, 1), (u, i) => mean[i % 3]! + 1.5 * u * std[i % 3]!),
  shape: [count, 3],
});

describe.each(['vp', 'sub-vp', 've'])('the variational bound under %s', name => {
  it('equals the log-density with an exact score, in the mean over draws', async () => {
    const sde = await makeSde(name as never);
    const model = gaussianModel({ mean, std }, sde);
    const x = rows(64);
    const { logProbability, evaluations } = await variationalBound({ engine, sde, model, draws: 400 }, x);
    const closed = Float64Array.from({ length: 64 }, (_, i) =>
      model.logDensity(Float64Array.from(x.data.subarray(3 * i, 3 * i + 3)), 1e-5),
    );
    const gaps = logProbability.map((value, i) => value - closed[i]!);
    const spread = Math.sqrt(average(gaps.map(gap => (gap - average(gaps)) ** 2)) / 63);
    expect(evaluations).toBe(400);
    expect(spread).toBeLessThan(0.06);
    expect(Math.abs(average(gaps))).toBeLessThan(4 * spread + 0.01);
  });

  it('falls by ½∫(g²/std²)·δ²·D dt = ½(λ₀ − λ_T)·δ²·D if every noise is predicted too high by δ', async () => {
    const sde = await makeSde(name as never);
    const exact = gaussianModel({ mean, std }, sde);
    const delta = 0.3;
    const wrong: ScoreModel = {
      ...exact,
      raw: (weights, x, t) => {
        const b = (time: number) => delta / exact.noiseForm(time).b;
        return add(exact.raw(weights, x, t), typeof t === 'number' ? b(t) : t.map(b));
      },
    };
    const x = rows(64);
    const of = async (model: ScoreModel) =>
      average((await variationalBound({ engine, sde, model, draws: 400 }, x)).logProbability);
    const lambda = (t: number) => 2 * Math.log(sde.marginal(t).scale / sde.marginal(t).std);
    const loss = (await of(exact)) - (await of(wrong));
    const expected = 0.5 * (lambda(1e-5) - lambda(sde.tMax)) * delta ** 2 * 3;
    expect(Math.abs(loss / expected - 1)).toBeLessThan(0.1);
  });
});

describe('the bound of fixed rows', () => {
  it('is that of `variationalBound` at the same draws, for the weights that are passed', async () => {
    const sde = await makeSde('vp');
    const net = makeNet({ name: 'mlp', width: 8, depth: 1 }, [3]);
    const modelOf = (seed: number) => networkModel(net, net.init(seed), sde, [3]);
    const x = rows(300);
    const fixed = fixedBound({ engine, sde, model: modelOf(0), draws: 9, seed: 5 }, x);
    for (const seed of [1, 2]) {
      const model = modelOf(seed);
      const { logProbability } = await variationalBound({ engine, sde, model, draws: 9, seed: 5 }, x);
      const measured = await fixed.measure(model.weights);
      for (let i = 0; i < 300; i++) expect(measured[i]!).toBeCloseTo(logProbability[i]!, 3);
    }
    await fixed.dispose();
  });
});

describe('draws', () => {
  it('belong to the sample, in any batch, and only the seed changes them', async () => {
    const sde = await makeSde('vp');
    const model = mixtureModel(
      {
        weights: [0.5, 0.5],
        means: [
          [-1, 0],
          [1, 0.5],
        ],
        stds: [0.3, 0.5],
      },
      sde,
    );
    const x = { data: values(1, 20), shape: [10, 2] };
    const of = async (options: object) => [
      ...(await variationalBound({ engine, sde, model, draws: 8, ...options }, x)).logProbability,
    ];
    const whole = await of({});
    expect(await of({ batch: 4 })).toBeAllClose(whole, 1e-5);
    expect(await of({ seed: 1 })).not.toEqual(whole);
    await expect(of({ draws: 0 })).rejects.toThrow('number of draws');
  });
});
