import { beforeAll, describe, expect, it } from 'vitest';
import { geometric, linear } from '../../schedules/index.ts';
import { subVp } from '../../sdes/sub-vp.ts';
import { ve } from '../../sdes/ve.ts';
import { vp } from '../../sdes/vp.ts';
import type { Engine } from '../../src/engine/contract.ts';
import { eagerEngine } from '../../src/engine/eager.ts';
import {
  type AnalyticModel,
  empiricalModel,
  gaussianModel,
  mixtureModel,
} from '../../src/score/analytic/index.ts';
import type { Coefficient } from '../../src/tensor/index.ts';

const sdes = [vp(linear()), subVp(linear()), ve(geometric({ sigmaMax: 20 }))];
const models = sdes.flatMap(sde => [
  { sde, label: 'gaussian', model: gaussianModel({ mean: [0.5, -1, 2], std: [0.3, 1, 2] }, sde) },
  {
    sde,
    label: 'gaussian with covariance',
    model: gaussianModel(
      { mean: [0.5, -1, 2], covariance: [2, 0.9, -0.2, 0.9, 1, 0.3, -0.2, 0.3, 0.5] },
      sde,
    ),
  },
  {
    sde,
    label: 'mixture of one variance',
    model: mixtureModel(
      {
        weights: [3, 1],
        means: [
          [1, 0, 1],
          [-1, 2, 0],
        ],
        stds: 0.2,
      },
      sde,
    ),
  },
  {
    sde,
    label: 'mixture of several variances',
    model: mixtureModel(
      {
        weights: [0.9, 0.1],
        means: [
          [1, 0, 1],
          [-1, 2, 0],
        ],
        stds: [0.2, [1, 0.5, 0.1]],
      },
      sde,
    ),
  },
  {
    sde,
    label: 'empirical',
    model: empiricalModel(
      { data: Float32Array.from([1, 0, 1, -1, 2, 0, 0, 1, 0, 3, 3, 3]), shape: [4, 3] },
      sde,
    ),
  },
]);

let engine: Engine;
beforeAll(async () => {
  engine = await eagerEngine('cpu');
});

async function noise(model: AnalyticModel, x: readonly number[], t: Coefficient): Promise<Float32Array> {
  const program = engine.compile<Coefficient>(
    (weights, [point], time) => [model.raw(weights, point!, time)],
    model.weights,
  );
  const input = engine.put({ data: Float32Array.from(x), shape: [x.length / 3, 3] });
  const [result] = await program.run([input], t);
  return engine.read(result!);
}

/** −std·∇log p_t by central differences of the float64 density. */
function expected(model: AnalyticModel, std: number, x: readonly number[], t: number): number[] {
  const h = 1e-5 * std;
  const shifted = (i: number, by: number) =>
    model.logDensity(
      x.map((v, j) => Math.fround(v) + (i === j ? by : 0)),
      t,
    );
  return x.map((_, i) => (-std * (shifted(i, h) - shifted(i, -h))) / (2 * h));
}

describe.each(models)('$label under $sde.name', ({ sde, model }) => {
  const times = [0.05, 0.3, 0.8, 1];
  // Points that the process visits: one and a half standard deviations away from the centres.
  const points = times.map(t => {
    const { scale, std } = sde.marginal(t);
    return [scale + 1.5 * std, 0.3 * std, scale - std];
  });

  it('predicts the noise that follows from the gradient of its density, each sample at its own time', async () => {
    const got = await noise(model, points.flat(), Float64Array.from(times));
    const wanted = times.flatMap((t, i) => expected(model, sde.marginal(t).std, points[i]!, t));
    for (const [i, value] of wanted.entries()) expect(got[i]).toBeCloseTo(value, 3.5);
  });

  it('predicts the same at one time for all samples', async () => {
    const got = await noise(model, points[1]!, times[1]!);
    const wanted = expected(model, sde.marginal(times[1]!).std, points[1]!, times[1]!);
    for (const [i, value] of wanted.entries()) expect(got[i]).toBeCloseTo(value, 3.5);
  });
});

describe('data of the closed forms', () => {
  const sde = vp(linear());
  const moments = (model: AnalyticModel, count: number) => {
    const { data } = model.sample(count, 3);
    const mean = [0, 1, 2].map(i => data.reduce((sum, v, j) => (j % 3 === i ? sum + v : sum), 0) / count);
    const cross = (a: number, b: number) => {
      let sum = 0;
      for (let n = 0; n < count; n++) sum += (data[3 * n + a]! - mean[a]!) * (data[3 * n + b]! - mean[b]!);
      return sum / count;
    };
    return { mean, cross };
  };

  it('has the requested mean and covariance', () => {
    const covariance = [2, 0.9, -0.2, 0.9, 1, 0.3, -0.2, 0.3, 0.5];
    const { mean, cross } = moments(gaussianModel({ mean: [0.5, -1, 2], covariance }, sde), 40_000);
    for (const [i, m] of [0.5, -1, 2].entries()) expect(Math.abs(mean[i]! - m)).toBeLessThan(0.03);
    for (const [i, c] of covariance.entries()) {
      expect(Math.abs(cross(Math.floor(i / 3), i % 3) - c)).toBeLessThan(0.06);
    }
  });

  it('chooses components by their weights', () => {
    const { mean } = moments(
      mixtureModel(
        {
          weights: [99, 1],
          means: [
            [0, 0, 0],
            [1, 1, 1],
          ],
          stds: 0,
        },
        sde,
      ),
      40_000,
    );
    expect(Math.abs(mean[0]! - 0.01)).toBeLessThan(4 * Math.sqrt(0.0099 / 40_000));
  });

  it('integrates to one at any time', () => {
    const model = mixtureModel({ weights: [1, 2], means: [[-1], [1]], stds: [0.3, 0.1] }, sde);
    const total = (t: number) => {
      let sum = 0;
      for (let x = -8; x < 8; x += 0.005) sum += Math.exp(model.logDensity([x], t)) * 0.005;
      return sum;
    };
    for (const t of [0, 0.1, 1]) expect(total(t)).toBeCloseTo(1, 8);
  });

  it('refuses parameters that do not describe a density', () => {
    expect(() => gaussianModel({ mean: [0, 0], covariance: [1, 2, 2, 1] }, sde)).toThrow(/eigenvalue/);
    expect(() => mixtureModel({ weights: [1, -1], means: [[0], [1]], stds: 1 }, sde)).toThrow(/weights\[1\]/);
    expect(() => gaussianModel({ mean: [0, 0], std: [1] }, sde)).toThrow(/length/);
  });
});
