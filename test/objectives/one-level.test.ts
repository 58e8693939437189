import { describe, expect, it } from 'vitest';
import { geometric, linear } from '../../schedules/index.ts';
import { ve } from '../../sdes/ve.ts';
import { vp } from '../../sdes/vp.ts';
import { makeEngine } from '../../src/engine/index.ts';
import { denoising, explicit, implicit, type Objective, sliced } from '../../src/objectives/index.ts';
import { fillNormal, fillRademacher, key } from '../../src/random/index.ts';
import { empiricalModel, gaussianModel } from '../../src/score/analytic/index.ts';
import type { ScoreModel } from '../../src/score/contract.ts';
import { networkModel } from '../../src/score/model.ts';
import { mlp } from '../../src/score/nets/mlp.ts';
import { problemOf } from '../../src/solve/problem.ts';
import { fromHost, matmul, sub, type Tensor, valueAndGrad } from '../../src/tensor/index.ts';
import { normalCdf } from '../random/statistics.ts';
import { values } from '../support/draw.ts';

const engine = await makeEngine();
const sde = ve(geometric({ sigmaMin: 0.01, sigmaMax: 10 }));
const SEED = 4;

/** The score h − Λx of a Gaussian of precision Λ and mean Λ⁻¹h in the plane: weights [Λ, h]. */
const affine = (weights: readonly number[]): ScoreModel => ({
  name: 'affine',
  shape: [2],
  weights: [
    { data: Float32Array.from(weights.slice(0, 4)), shape: [2, 2] },
    { data: Float32Array.from(weights.slice(4)), shape: [1, 2] },
  ],
  noiseForm: t => ({ a: 0, b: -sde.marginal(t).std }),
  raw: ([precision, offset]: readonly Tensor[], x: Tensor) => sub(offset!, matmul(x, precision!)),
});

type Signs = (k: number) => Float32Array;
interface Rows {
  readonly x0: Float32Array;
  readonly noise: Float32Array;
  readonly signs: Signs;
}

/** The gradient of an objective by the weights of its model, over all rows. */
async function gradientOf(objective: Objective, model: ScoreModel, { x0, noise, signs }: Rows) {
  const shape = [x0.length / model.shape[0]!, model.shape[0]!];
  const t = objective.times(0, 0, shape[0]!);
  const host = (data: Float32Array) => fromHost(data, shape);
  const program = engine.compile<null>((_w, inputs) => {
    const loss = (weights: Tensor[]) =>
      objective.loss(weights, host(x0), host(noise), t, k => host(signs(k)));
    return valueAndGrad(loss, inputs).grads;
  });
  const inputs = model.weights.map(engine.put);
  const grads = await program.run(inputs, null);
  const read = await Promise.all(grads.map(engine.read));
  engine.free(...inputs, ...grads);
  await program.dispose();
  return read.flatMap(grad => [...grad]);
}

/** Rows of N(mean, L·Lᵀ) in the plane, each twice, with noise of either sign. */
const covariance = [2, 0.6, 0.6, 1];
const mean = [0.5, -1];
const truth = gaussianModel({ mean, covariance }, sde);
function plane(count: number, seed: number): Rows {
  const single = truth.sample(count / 2, seed).data;
  const x0 = Float32Array.from([...single, ...single]);
  const z = new Float32Array(count);
  fillNormal(z, key(seed, 'test'), { step: 0, first: 0, size: z.length });
  const noise = Float32Array.from([...z, ...z.map(value => -value)]);
  const signs = (k: number) => {
    const out = new Float32Array(2 * count);
    fillRademacher(out, key(seed, `signs-${k}`), { step: 0, first: 0, size: out.length });
    return out;
  };
  return { x0, noise, signs };
}

describe('at one noise level', () => {
  it.each([sde, vp(linear())])('all times are that of σ/α = sigma, under $name', of => {
    const times = denoising(of, { ...affine([1, 0, 0, 1, 0, 0]) }, { sigma: 0.3 }).times(0, 0, 5);
    for (const t of times) {
      const { scale, std } = of.marginal(t);
      expect(std / scale).toBeCloseTo(0.3, 8);
    }
  });

  it('a level that the SDE does not have, or a law of times beside it, is refused', () => {
    const model = affine([1, 0, 0, 1, 0, 0]);
    expect(() => denoising(sde, model, { sigma: 20 })).toThrow(/no such noise level/);
    expect(() => denoising(sde, model, { sigma: 0 })).toThrow(/no such noise level/);
    expect(() => denoising(sde, model, { sigma: 1, times: 'importance' })).toThrow(/Leave out "times"/);
  });

  it(`explicit, implicit, sliced in both forms and denoising have one gradient within 3 standard errors (10⁵ rows, seed ${SEED})`, async () => {
    const model = affine([0.9, -0.1, 0.2, 0.6, 0.3, -0.2]);
    const options = { sigma: 0.5, exact: truth };
    const objectives = {
      explicit: explicit(sde, model, options),
      implicit: implicit(sde, model, options),
      sliced: sliced(sde, model, options),
      plain: sliced(sde, model, { ...options, reduced: false }),
      denoising: denoising(sde, model, { ...options, weighting: 'noise' }),
    };
    const batches = 25;
    const gradients = new Map(Object.keys(objectives).map(name => [name, [] as number[][]]));
    for (let b = 0; b < batches; b++) {
      const rows = plane(4000, SEED + b);
      for (const [name, objective] of Object.entries(objectives))
        gradients.get(name)!.push(await gradientOf(objective, model, rows));
    }
    const error: Record<string, number> = {};
    for (const name of ['implicit', 'sliced', 'plain', 'denoising']) {
      error[name] = 0;
      for (let j = 0; j < 6; j++) {
        const gaps = gradients.get(name)!.map((each, b) => each[j]! - gradients.get('explicit')![b]![j]!);
        const gap = gaps.reduce((sum, value) => sum + value, 0) / batches;
        const variance = gaps.reduce((sum, value) => sum + (value - gap) ** 2, 0) / (batches - 1);
        expect(Math.abs(gap), `${name}, weight ${j}`).toBeLessThan(3 * Math.sqrt(variance / batches) + 1e-6);
        error[name] += variance;
      }
    }
    expect(error.plain).toBeGreaterThan(error.sliced!);
  });

  it('a Gaussian fitted by implicit, sliced or denoising has the mean and the inverse of covariance + σ²I', async () => {
    const rows = plane(160_000, SEED);
    const fitted = async (make: (model: ScoreModel) => Objective) => {
      // The loss is quadratic in the weights: its gradient at 0 and along each axis gives the minimum.
      const axes = Array.from({ length: 7 }, (_, k) =>
        [0, 0, 0, 0, 0, 0].map((_, j) => (j === k - 1 ? 1 : 0)),
      );
      const at: number[][] = [];
      for (const weights of axes) at.push(await gradientOf(make(affine(weights)), affine(weights), rows));
      const slopes = at.slice(1).map(each => each.map((value, j) => value - at[0]![j]!));
      return solved(
        slopes,
        at[0]!.map(value => -value),
      );
    };
    const wanted = (sigma: number) => {
      const [a, b, d] = [covariance[0]! + sigma ** 2, covariance[1]!, covariance[3]! + sigma ** 2];
      const precision = [d, -b, -b, a].map(value => value / (a * d - b * b));
      return [
        ...precision,
        precision[0]! * mean[0]! + precision[1]! * mean[1]!,
        precision[2]! * mean[0]! + precision[3]! * mean[1]!,
      ];
    };
    // 160,000 rows know a moment to 0.25 %; a fit has to be within 1 % of that of the rows at hand.
    const sample = momentsOf(rows.x0);
    const near = (got: number[], sigma: number) => {
      const [p, q, r, s, g, h] = got as [number, number, number, number, number, number];
      const determinant = p * s - q * r;
      const fit = [s, -q, -r, p].map(value => value / determinant);
      expect(fit).toBeAllClose(
        sample.covariance.map((value, j) => value + (j % 3 === 0 ? sigma ** 2 : 0)),
        0.01,
      );
      expect([fit[0]! * g + fit[1]! * h, fit[2]! * g + fit[3]! * h]).toBeAllClose(sample.mean, 0.01);
    };
    near(await fitted(model => implicit(sde, model, { sigma: 0.02 })), 0);
    near(await fitted(model => sliced(sde, model, { sigma: 0.02 })), 0);
    near(await fitted(model => denoising(sde, model, { sigma: 0.1, weighting: 'noise' })), 0.1);
    const biased = await fitted(model => denoising(sde, model, { sigma: 1, weighting: 'noise' }));
    near(biased, 1);
    expect(Math.abs(biased[0]! - wanted(0)[0]!)).toBeGreaterThan(0.2);
  });

  it('denoising is explicit matching of the Parzen density of its rows (Vincent 2011)', async () => {
    const sigma = 0.4;
    const points = [-1, 0.2, 0.7];
    const parzen = empiricalModel({ data: Float32Array.from(points), shape: [3, 1] }, sde);
    const net = mlp([1], { width: 8, depth: 1, predicts: 'score' });
    const params = Object.fromEntries(
      Object.entries(net.init(1)).map(([name, { shape, data }], k) => [
        name,
        { shape, data: values(k, data.length, -0.7, 0.7) },
      ]),
    );
    const model = networkModel(net, params, sde, [1]);
    const count = 1500;
    const quantiles = Float64Array.from({ length: count }, (_, i) => quantile((i + 0.5) / count));
    const x0 = Float32Array.from(points.flatMap(point => Array<number>(count).fill(point)));
    const noise = Float32Array.from(points.flatMap(() => [...quantiles]));
    const rows = { x0, noise, signs: () => noise };
    const [one, other] = [
      await gradientOf(denoising(sde, model, { sigma, weighting: 'noise' }), model, rows),
      await gradientOf(explicit(sde, model, { sigma, weighting: 'noise', exact: parzen }), model, rows),
    ];
    const size = Math.hypot(...other);
    expect(Math.hypot(...one.map((value, j) => value - other[j]!)) / size).toBeLessThan(0.005);
    const wrong = explicit(sde, model, { sigma, exact: gaussianModel({ mean: [-0.03], std: 0.72 }, sde) });
    const gap = await gradientOf(wrong, model, rows);
    expect(Math.hypot(...one.map((value, j) => value - gap[j]!)) / size).toBeGreaterThan(0.03);
  });

  it('a denoising autoencoder is a score: r(x̃) = x̃ + σ²·score(x̃), its loss ‖r − x‖²', async () => {
    const sigma = 0.4;
    const net = mlp([2], { width: 8, depth: 1, predicts: 'data' });
    const params = Object.fromEntries(
      Object.entries(net.init(1)).map(([name, { shape, data }], k) => [
        name,
        { shape, data: values(k, data.length, -0.7, 0.7) },
      ]),
    );
    const model = networkModel(net, params, sde, [2]);
    const objective = denoising(sde, model, { sigma });
    const [x0, noise] = [values(50, 16), values(51, 16, -2, 2)];
    const t = objective.times(0, 0, 8);
    const noisy = x0.map((value, i) => value + sigma * noise[i]!);
    const program = engine.compile<null>((weights, [x]) => {
      const problem = problemOf(sde, model, weights);
      const loss = objective.loss(weights, fromHost(x0, [8, 2]), fromHost(noise, [8, 2]), t, () => x!);
      return [problem.data(x!, t[0]!), problem.score(x!, t[0]!), loss];
    }, model.weights);
    const results = await program.run([engine.put({ data: noisy, shape: [8, 2] })], null);
    const [reconstruction, score, loss] = await Promise.all(results.map(engine.read));
    expect(reconstruction!).toBeAllClose(
      noisy.map((value, i) => value + sigma ** 2 * score![i]!),
      1e-5,
    );
    const squares = reconstruction!.map((value, i) => (value - x0[i]!) ** 2);
    expect(loss![0]).toBeCloseTo(squares.reduce((sum, value) => sum + value, 0) / 16, 5);
  });
});

/** The u-quantile of N(0, 1), by bisection. */
function quantile(u: number): number {
  let [low, high] = [-9, 9];
  for (let i = 0; i < 50; i++) {
    const middle = 0.5 * (low + high);
    if (normalCdf(middle) < u) low = middle;
    else high = middle;
  }
  return 0.5 * (low + high);
}

/** The solution w of Σⱼ wⱼ·rows[j] = right, by elimination. */
function solved(rows: readonly number[][], right: readonly number[]): number[] {
  const n = right.length;
  const a = right.map((value, i) => [...rows.map(row => row[i]!), value]);
  for (let i = 0; i < n; i++) {
    const pivot = a
      .slice(i)
      .reduce((best, row, k) => (Math.abs(row[i]!) > Math.abs(a[best]![i]!) ? i + k : best), i);
    [a[i], a[pivot]] = [a[pivot]!, a[i]!];
    for (let k = 0; k < n; k++) {
      if (k === i) continue;
      const factor = a[k]![i]! / a[i]![i]!;
      a[k] = a[k]!.map((value, j) => value - factor * a[i]![j]!);
    }
  }
  return a.map((row, i) => row[n]! / row[i]!);
}

function momentsOf(data: Float32Array) {
  const count = data.length / 2;
  const own = [0, 1].map(j => data.reduce((sum, value, i) => (i % 2 === j ? sum + value : sum), 0) / count);
  const product = (a: number, b: number) => {
    let sum = 0;
    for (let i = 0; i < count; i++) sum += (data[2 * i + a]! - own[a]!) * (data[2 * i + b]! - own[b]!);
    return sum / count;
  };
  return { mean: own, covariance: [product(0, 0), product(0, 1), product(1, 0), product(1, 1)] };
}
