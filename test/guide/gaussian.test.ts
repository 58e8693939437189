import { describe, expect, it } from 'vitest';
import { makeEngine } from '../../src/engine/index.ts';
import { measuredModel } from '../../src/guide/guided.ts';
import { ownUnits } from '../../src/measure/chart.ts';
import type { ErrorOptions } from '../../src/measure/checks.ts';
import { linear } from '../../src/measure/linear.ts';
import { observe } from '../../src/measure/observe.ts';
import { makeGuidance } from '../../src/registry/guidances.ts';
import { makeSde } from '../../src/registry/sdes.ts';
import { makeSolver } from '../../src/registry/solvers.ts';
import { gaussianModel } from '../../src/score/analytic/index.ts';
import type { ScoreModel } from '../../src/score/contract.ts';
import type { Sde } from '../../src/sde/contract.ts';
import { sample, transport } from '../../src/solve/sample.ts';
import { mul } from '../../src/tensor/index.ts';

const engine = await makeEngine('wasm');

/** N(mean, covariance) of D coordinates whose correlations fall off, and a problem of m measurements. */
function problem(size: number, m: number, std: number) {
  const mean = Array.from({ length: size }, (_, i) => 0.5 * Math.sin(i));
  const covariance = Array.from({ length: size * size }, (_, k) => {
    const [i, j] = [Math.floor(k / size), k % size];
    return 0.6 ** Math.abs(i - j) * (1 + 0.3 * Math.cos(i)) * (1 + 0.3 * Math.cos(j));
  });
  const A = Array.from({ length: m }, (_, i) =>
    Array.from({ length: size }, (_, d) => Math.cos(1 + 3 * i + 1.7 * d * (i + 1))),
  );
  const y = A.map((_, i) => 1 - 0.4 * i);
  return { size, mean, covariance, A, y, std };
}
type Problem = ReturnType<typeof problem>;

/** The posterior's mean and covariance, one measurement after another. */
function exact({ size, mean, covariance, A, y, std }: Problem) {
  const [m, C] = [Float64Array.from(mean), Float64Array.from(covariance)];
  A.forEach((a, k) => {
    const Ca = m.map((_, i) => a.reduce((sum, entry, j) => sum + C[i * size + j]! * entry, 0));
    const S = a.reduce((sum, entry, i) => sum + entry * Ca[i]!, 0) + std * std;
    const residual = y[k]! - a.reduce((sum, entry, i) => sum + entry * m[i]!, 0);
    for (let i = 0; i < size; i++) m[i] = m[i]! + (Ca[i]! * residual) / S;
    for (let i = 0; i < size; i++)
      for (let j = 0; j < size; j++) C[i * size + j] = C[i * size + j]! - (Ca[i]! * Ca[j]!) / S;
  });
  return { mean: m, covariance: C };
}

/**
 * The law that the flow of a model makes of its prior N(0, std²I). For Gaussian data the flow is affine, so D
 * + 1 latents tell it without chance: the middle, and a step along each axis. The middle is that of p_T(x |
 * y), so that the prior's own gap is left out.
 */
async function law(sde: Sde, model: ScoreModel, size: number, middle: ArrayLike<number>) {
  const far = sde.marginal(sde.tMax).scale;
  const latents = Float32Array.from({ length: (size + 1) * size }, (_, i) => far * middle[i % size]!);
  for (let i = 0; i < size; i++) latents[(i + 1) * size + i]! += sde.prior.std;
  const { data } = await transport(
    { engine, sde, model, solver: makeSolver('rk45'), tolerances: { rtol: 1e-3, atol: 1e-3 } },
    { data: latents, shape: [size + 1, size] },
    'decode',
  );
  const { scale, std } = sde.marginal(sde.tMin);
  const mean = Float64Array.from({ length: size }, (_, i) => data[i]! / scale);
  const column = (k: number, i: number) => (data[(k + 1) * size + i]! - data[i]!) / scale;
  const covariance = Float64Array.from({ length: size * size }, (_, at) => {
    const [i, j] = [Math.floor(at / size), at % size];
    let sum = i === j ? -((std / scale) ** 2) : 0;
    for (let k = 0; k < size; k++) sum += column(k, i) * column(k, j);
    return sum;
  });
  return { mean, covariance };
}

const guided = async (sde: Sde, p: Problem, options: ErrorOptions, method: 'mmps' | 'pigdm' = 'mmps') => {
  const model = gaussianModel({ mean: p.mean, covariance: p.covariance }, sde);
  const parts = await linear(p.A, p.y, options).on({ shape: [p.size] });
  return measuredModel(sde, model, observe(parts, ownUnits([p.size])), makeGuidance(method));
};
const apart = (a: Float64Array, b: ArrayLike<number>, size: number) =>
  a.reduce((most, value, i) => Math.max(most, Math.abs(value - b[i]!)), 0) / size;

describe.each(['vp', 'sub-vp', 've', 'rectified-flow'] as const)('mmps on Gaussian data under %s', name => {
  it.each([
    [2, 1],
    [16, 4],
    [64, 3],
  ])('has the posterior’s mean and covariance to 1 %%, D = %i', async (size, m) => {
    const sde = await makeSde(name);
    const p = problem(size, m, 0.3);
    const wanted = exact(p);
    const got = await law(sde, await guided(sde, p, { std: p.std }), size, wanted.mean);
    const unit = Math.max(...p.covariance);
    expect(apart(got.mean, wanted.mean, Math.sqrt(unit))).toBeLessThan(0.01);
    expect(apart(got.covariance, wanted.covariance, unit)).toBeLessThan(0.01);
  });

  it('no information gives the prior’s law, and exact values the hyperplane', async () => {
    const sde = await makeSde(name);
    const p = problem(2, 1, 0);
    const far = await law(sde, await guided(sde, p, { std: 1e4 }), 2, p.mean);
    expect(apart(far.mean, p.mean, 1)).toBeLessThan(0.01);
    expect(apart(far.covariance, p.covariance, 1)).toBeLessThan(0.01);
    const on = await law(sde, await guided(sde, p, { std: 0 }), 2, p.mean);
    const [a, b] = p.A[0]!;
    expect(a! * on.mean[0]! + b! * on.mean[1]!).toBeCloseTo(p.y[0]!, 2);
    const [c, d, , e] = on.covariance;
    expect(Math.abs(a! * a! * c! + 2 * a! * b! * d! + b! * b! * e!)).toBeLessThan(0.01);
  });
});

it('conjugate gradients agree with the exact solution', async () => {
  // 18 measurements of 20 coordinates are more than are solved row by row; the prior is white, so one step
  // does.
  const sde = await makeSde('vp');
  const size = 20;
  const p = { ...problem(size, 0, 0.2), A: [] as number[][], y: [] as number[] };
  const white = Array.from({ length: size * size }, (_, k) => (Math.floor(k / size) === k % size ? 1 : 0));
  const A = Array.from({ length: 18 }, (_, i) => Array.from({ length: size }, (_, d) => (d === i ? 1 : 0)));
  const q = { ...p, covariance: white, A, y: A.map((_, i) => Math.sin(i)) };
  const wanted = exact(q);
  const got = await law(sde, await guided(sde, q, { std: q.std }), size, wanted.mean);
  expect(apart(got.mean, wanted.mean, 1)).toBeLessThan(0.01);
  expect(apart(got.covariance, wanted.covariance, 1)).toBeLessThan(0.01);
});

it('a Jacobian without curvature gives conjugate gradients no step', async () => {
  // x̂ = −x/2, as no law has it, but an early network may.
  const sde = await makeSde('vp');
  const size = 20;
  const factor = (t: number) => (1 + 0.5 * sde.marginal(t).scale) / sde.marginal(t).std;
  const model: ScoreModel = {
    name: 'no law',
    shape: [size],
    weights: [],
    noiseForm: () => ({ a: 0, b: 1 }),
    raw: (_weights, x, t) => mul(x, factor(t as number)),
  };
  const rows = Array.from({ length: 18 }, (_, i) => Array.from({ length: size }, (_, d) => Number(d === i)));
  const parts = await linear(rows, new Float64Array(18).fill(1), { std: 0.01 }).on({ shape: [size] });
  const guided = measuredModel(sde, model, observe(parts, ownUnits([size])), makeGuidance('mmps'));
  const program = engine.compile<number>((w, [x], t) => [guided.raw(w, x!, t)], guided.weights);
  const x = Float32Array.from({ length: size }, (_, d) => Math.sin(d));
  const [output] = await program.run([engine.put({ data: x, shape: [1, size] })], 0.5);
  const values = await engine.read(output!);
  values.forEach((value, d) => {
    expect(value).toBeCloseTo(factor(0.5) * x[d]!, 3);
  });
});

it.each(['replacement', 'repaint'] as const)(
  '%s leaves alone what is known with less than the data say',
  async name => {
    const sde = await makeSde('vp');
    const model = gaussianModel({ mean: [0, 0], covariance: [1, 0, 0, 1] }, sde);
    // The second coordinate is 40, give or take 30.
    const parts = await linear(
      [
        [1, 0],
        [0, 1],
      ],
      [0.5, 40],
      { std: [0.1, 30] },
    ).on({ shape: [2] });
    const solver = makeGuidance(name).around!(makeSolver('ancestral'), observe(parts, ownUnits([2])));
    const { data } = await sample({ engine, sde, model, solver, steps: 12, count: 400, seed: 1 });
    const meanOf = (d: number) => data.reduce((sum, value, i) => sum + (i % 2 === d ? value / 400 : 0), 0);
    expect(meanOf(0)).toBeCloseTo(0.5, 1);
    expect(Math.abs(meanOf(1))).toBeLessThan(0.2);
  },
);
