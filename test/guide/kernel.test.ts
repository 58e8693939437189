import { describe, expect, it } from 'vitest';
import { makeEngine } from '../../src/engine/index.ts';
import { withJacobian } from '../../src/guide/jacobian.ts';
import { twistedKernel } from '../../src/guide/smc/kernel.ts';
import { colouredNoise } from '../../src/guide/smc/noise.ts';
import { ownUnits } from '../../src/measure/chart.ts';
import { linear } from '../../src/measure/linear.ts';
import { observe } from '../../src/measure/observe.ts';
import { makeGuidance } from '../../src/registry/guidances.ts';
import { makeSde } from '../../src/registry/sdes.ts';
import { gaussianModel } from '../../src/score/analytic/index.ts';
import { fromHost, type PlainTensor, type Tensor } from '../../src/tensor/index.ts';

const engine = await makeEngine('onnx');
const sde = await makeSde('vp');

async function valuesOf(
  program: (weights: readonly Tensor[]) => readonly Tensor[],
  weights: readonly PlainTensor[] = [],
): Promise<number[][]> {
  const compiled = engine.compile<null>(w => [...program(w)], weights);
  const results = await compiled.run([], null);
  const values = await Promise.all(results.map(async result => [...(await engine.read(result))]));
  await compiled.dispose();
  return values;
}

describe('noise of a covariance', () => {
  it('has that covariance, and moves its mean by C·g', async () => {
    const [weight, v, size] = [0.7, 0.2, 3];
    const V = [2, 0.5, -0.3, 0.5, 1, 0.4, -0.3, 0.4, 0.6];
    const C = V.map((value, at) => weight * value + (at % (size + 1) === 0 ? v : 0));
    const g = [0.3, -1, 2];
    const Cg = [0, 1, 2].map(i => g.reduce((sum, each, j) => sum + C[i * size + j]! * each, 0));
    // One row for each axis of z: the noises are the columns of C^½.
    const rows = (one: readonly number[], shape: readonly number[]) =>
      fromHost(Float32Array.from([0, 1, 2].flatMap(() => [...one])), [size, ...shape]);
    const [noise, pull, square] = await valuesOf(() => {
      const axes = fromHost(Float32Array.of(1, 0, 0, 0, 1, 0, 0, 0, 1), [size, size]);
      const made = colouredNoise(rows(V, [size, size]), weight, v, axes, rows(g, [size]));
      return [made.noise, made.pull, made.square];
    });
    for (let i = 0; i < size; i++) {
      for (let j = 0; j < size; j++) {
        const own = [0, 1, 2].reduce((sum, k) => sum + noise![k * size + i]! * noise![k * size + j]!, 0);
        expect(own).toBeCloseTo(C[i * size + j]!, 5);
      }
      expect(pull![i]!).toBeCloseTo(Cg[i]!, 5);
      expect(square![i]!).toBeCloseTo(
        g.reduce((sum, each, j) => sum + each * Cg[j]!, 0),
        5,
      );
    }
  });
});

describe('the Jacobian of x̂', () => {
  it('is that of a Gaussian in closed form', async () => {
    const std = [1, 0.5, 0.2];
    const model = gaussianModel({ mean: [0, 1, 2], std }, sde);
    const [t, rows] = [0.3, 2];
    const { scale, std: sigma } = sde.marginal(t);
    const [J] = await valuesOf(weights => {
      const x = fromHost(Float32Array.of(0.1, 0.2, 0.3, -1, 2, 0), [rows, 3]);
      const observation = undefined as never;
      return [withJacobian({ sde, model, weights, rows: [], observation, x, t }).jacobian];
    }, model.weights);
    J!.forEach((value, at) => {
      const [i, j] = [Math.floor(at / 3) % 3, at % 3];
      const own = (scale * std[i]! ** 2) / (scale ** 2 * std[i]! ** 2 + sigma ** 2);
      expect(value).toBeCloseTo(i === j ? own : 0, 4);
    });
  });
});

describe('the twisted kernel', () => {
  const kernelOf = async (size: number, readings: number) => {
    const model = gaussianModel({ mean: new Array<number>(size).fill(0) }, sde);
    const A = Array.from({ length: readings }, (_, i) => Array.from({ length: size }, (_, j) => +(i === j)));
    const parts = await linear(A, new Float64Array(readings), { std: 0.1 }).on({ shape: [size] });
    return twistedKernel(sde, model, observe(parts, ownUnits([size])), makeGuidance('mmps'));
  };

  it('has the exact second moment where twice the steps without it cost more', async () => {
    for (const [size, readings] of [
      [1, 1],
      [2, 1],
      [4, 1],
      [8, 1],
      [8, 4],
      [16, 1],
      [16, 8],
      [32, 16],
    ] as const) {
      const { steps, evaluations } = await kernelOf(size, readings);
      const exact = 50 * (1 + size);
      const plain = 100 * (1 + readings);
      expect(steps * evaluations).toBe(size > 16 ? plain : Math.min(exact, plain));
    }
  });
});
