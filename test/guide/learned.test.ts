import { describe, expect, it } from 'vitest';
import { makeEngine } from '../../src/engine/index.ts';
import { asCovariance } from '../../src/guide/covariance.ts';
import { measuredModel } from '../../src/guide/guided.ts';
import { symmetricEigen } from '../../src/math/eigenvectors.ts';
import { ownUnits } from '../../src/measure/chart.ts';
import { linear } from '../../src/measure/linear.ts';
import { observe } from '../../src/measure/observe.ts';
import { makeGuidance } from '../../src/registry/guidances.ts';
import { makeSde } from '../../src/registry/sdes.ts';
import type { ScoreModel } from '../../src/score/contract.ts';
import { fromHost, matmul } from '../../src/tensor/index.ts';
import { values } from '../support/draw.ts';

const engine = await makeEngine('wasm');
const sde = await makeSde('vp');

/** A denoiser x̂ = Jx at time t, as a learned one may be: J is neither symmetric nor positive. */
function denoiser(J: readonly number[], t: number): ScoreModel {
  const { scale, std } = sde.marginal(t);
  // x̂ = (x − σ·F)/α, so F = (I − αJ)x/σ.
  const matrix = J.map((value, i) => ((i % 3 === 0 ? 1 : 0) - scale * value) / std);
  return {
    name: 'linear',
    shape: [2],
    weights: [],
    noiseForm: () => ({ a: 0, b: 1 }),
    direct: true,
    raw: (_weights, x) => matmul(x, fromHost(Float32Array.from(matrix), [2, 2]), false, true),
  };
}

it.each([
  [[-0.01, 0.5, 0.5, 0.4]],
  [[-0.4, 0.1, -0.3, 0.2]],
  [[1e-7, 0.3, 0.2, 0.5]],
  [[0.3, 0.9, -0.9, 0.3]],
])('a learned denoiser with the Jacobian %j moves to what is known, never past it', async J => {
  const t = 0.4;
  const { scale, std } = sde.marginal(t);
  const model = denoiser(J, t);
  const parts = await linear([[1, 0]], [0.8]).on({ shape: [2] });
  const observation = observe(parts, ownUnits([2]));
  const guided = measuredModel(sde, model, observation, makeGuidance('mmps'));
  const x = Float32Array.of(0.2, -0.5);
  const program = engine.compile<null>(
    (weights, [at]) => [
      guided.raw(weights, at!, t),
      model.raw(weights.slice(0, model.weights.length), at!, t),
    ],
    guided.weights,
  );
  const results = await program.run([engine.put({ data: x, shape: [1, 2] })], null);
  const [of, plain] = await Promise.all(results.map(engine.read));
  // x̂ moves by −σ·(F_guided − F)/α.
  const moved = [0, 1].map(d => (-std * (of![d]! - plain![d]!)) / scale);
  const residual = 0.8 - (J[0]! * x[0]! + J[1]! * x[1]!);
  expect(Math.abs(moved[0]!)).toBeLessThan(1.0001 * Math.abs(residual));
  // ‖Va‖·|residual|/M with M ≥ ‖Va‖²/8.
  const Va = (std ** 2 / scale) * Math.hypot(J[0]!, J[1]!);
  expect(Math.hypot(...moved)).toBeLessThan((8.001 * Math.abs(residual)) / Va);
  await program.dispose();
});

describe('what is taken for a covariance of m readings', () => {
  const [batch, m, size] = [6, 5, 8];
  const product = (a: Float64Array, b: Float64Array, n: number, k: number, l: number) =>
    Float64Array.from({ length: n * l }, (_, at) => {
      let sum = 0;
      for (let i = 0; i < k; i++) sum += a[Math.floor(at / l) * k + i]! * b[i * l + (at % l)]!;
      return sum;
    });
  /** The transpose of a matrix of n rows. */
  const turned = (a: Float64Array, n: number, k: number) =>
    Float64Array.from({ length: n * k }, (_, at) => a[(at % n) * k + Math.floor(at / n)]!);

  /** M of AVAᵀ made symmetric and VA for one V of each row, and what is made of them. */
  async function taken(V: (row: number) => Float64Array) {
    const rows = Array.from({ length: batch }, (_, row) => {
      const A = Float64Array.from(values(100 + row, m * size));
      const VA = product(A, V(row), m, size, size);
      const M = product(VA, turned(A, m, size), m, size, m);
      return { VA, M: M.map((value, at) => (value + M[(at % m) * m + Math.floor(at / m)]!) / 2) };
    });
    const program = engine.compile<null>((_, [M, VA]) => [asCovariance(M!, VA!)]);
    const flat = (part: 'M' | 'VA') => Float32Array.from(rows.flatMap(row => [...row[part]]));
    const inputs = [
      engine.put({ data: flat('M'), shape: [batch, m, m] }),
      engine.put({ data: flat('VA'), shape: [batch, m, size] }),
    ];
    const [result] = await program.run(inputs, null);
    const data = await engine.read(result!);
    await program.dispose();
    return rows.map((row, i) => ({
      ...row,
      result: Float64Array.from(data.slice(i * m * m, (i + 1) * m * m)),
    }));
  }

  it('is the covariance itself, where it is one', async () => {
    const V = (row: number) => {
      const L = Float64Array.from(values(row, size * size, -0.5, 0.5));
      return product(L, turned(L, size, size), size, size, size);
    };
    for (const { M, result } of await taken(V))
      for (const [at, value] of M.entries()) expect(result[at]).toBeCloseTo(value, 4);
  });

  it('is at least VA·(VA)ᵀ/4D in every direction, whatever the Jacobian', async () => {
    for (const { VA, result } of await taken(row => Float64Array.from(values(row, size * size)))) {
      const least = product(VA, turned(VA, m, size), m, size, m);
      const rest = result.map((value, at) => value - least[at]! / (4 * size));
      for (const value of symmetricEigen(rest, m).values) expect(value).toBeGreaterThan(-1e-5);
    }
  });
});
