import { describe, expect, it } from 'vitest';
import { makeEngine } from '../../src/engine/index.ts';
import { adam, clipped } from '../../src/train/adam.ts';
import { emaDecayAt, rateAt } from '../../src/train/rate.ts';
import { values } from '../support/draw.ts';

const o = { learningRate: 1e-2, beta1: 0.9, beta2: 0.999, epsilon: 1e-8 };

/** Kingma & Ba's algorithm 1 in float64. */
function reference(theta: number[], gradients: Float32Array[]) {
  const [m, v] = [theta.map(() => 0), theta.map(() => 0)];
  gradients.forEach((g, k) => {
    theta.forEach((_, i) => {
      m[i] = o.beta1 * m[i]! + (1 - o.beta1) * g[i]!;
      v[i] = o.beta2 * v[i]! + (1 - o.beta2) * g[i]! ** 2;
      const [mHat, vHat] = [m[i]! / (1 - o.beta1 ** (k + 1)), v[i]! / (1 - o.beta2 ** (k + 1))];
      theta[i] = theta[i]! - (o.learningRate * mHat) / (Math.sqrt(vHat) + o.epsilon);
    });
  });
  return theta;
}

describe('Adam', () => {
  it('follows its published algorithm over ten steps', async () => {
    const engine = await makeEngine('onnx');
    const gradients = Array.from({ length: 10 }, (_, k) => values(k, 5));
    const program = engine.compile<number>((_w, [theta, m, v, g], count) => {
      const next = adam({ theta: theta!, m: m!, v: v! }, g!, o.learningRate, count, o);
      return [next.theta, next.m, next.v];
    });
    const zeros = () => engine.put({ data: new Float32Array(5), shape: [5] });
    let state = [engine.put({ data: values(99, 5), shape: [5] }), zeros(), zeros()];
    for (const [count, g] of gradients.entries()) {
      state = (await program.run([...state, engine.put({ data: g, shape: [5] })], count)) as typeof state;
    }
    const expected = reference(Array.from(values(99, 5)), gradients);
    expect(await engine.read(state[0]!)).toBeAllClose(expected, 1e-5);
  });

  it('clips to the global norm and leaves shorter gradients unchanged', async () => {
    const engine = await makeEngine('onnx');
    const program = engine.compile<number>((_w, [g], limit) => [clipped(g!, limit)]);
    const g = engine.put({ data: Float32Array.of(3, 4), shape: [2] });
    expect(await engine.read((await program.run([g], 1))[0]!)).toBeAllClose([0.6, 0.8]);
    expect(await engine.read((await program.run([g], 10))[0]!)).toBeAllClose([3, 4]);
  });
});

describe('schedules of training', () => {
  const options = { learningRate: 1, warmup: 10, decay: 'cosine' as const, steps: 100 };
  it('warms up linearly, never with a rate of zero, and falls to zero', () => {
    expect(rateAt(0, options)).toBeCloseTo(0.1, 3);
    expect(rateAt(9, options)).toBeGreaterThan(rateAt(4, options));
    expect(rateAt(50, options)).toBeCloseTo(0.5, 10);
    expect(rateAt(99, options)).toBeLessThan(1e-3);
    expect(rateAt(99, { ...options, decay: 'none' })).toBe(1);
  });
  it('forgets early weights: the average starts at decay 1/10', () => {
    expect(emaDecayAt(0, 0.999)).toBe(0.1);
    expect(emaDecayAt(1e6, 0.999)).toBe(0.999);
  });
});
