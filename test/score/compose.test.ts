import { describe, expect, it } from 'vitest';
import { makeEngine } from '../../src/engine/index.ts';
import { makeSde } from '../../src/registry/sdes.ts';
import { gaussianModel } from '../../src/score/analytic/index.ts';
import { compose } from '../../src/score/compose.ts';
import type { ScoreModel } from '../../src/score/contract.ts';

const engine = await makeEngine('wasm');
const x = { data: Float32Array.from({ length: 12 }, (_, i) => Math.sin(3 * i)), shape: [6, 2] };

/** The score of a model at x, from ε = a·x + b·F. */
async function scoreOf(model: ScoreModel, t: number, std: number): Promise<number[]> {
  const program = engine.compile<number>((w, [y], at) => [model.raw(w, y!, at)], model.weights);
  const [output] = await program.run([engine.put(x)], t);
  const { a, b } = model.noiseForm(t);
  return Array.from(await engine.read(output!), (F, i) => -(a * x.data[i]! + b * F) / std);
}

describe.each(['vp', 've', 'rectified-flow'] as const)('a product of models under %s', name => {
  it('is exact at all times where the factors are about different coordinates', async () => {
    const sde = await makeSde(name);
    const prior = gaussianModel({ mean: [0, 0], covariance: [1, 0, 0, 1] }, sde);
    const first = gaussianModel({ mean: [0.8, 0], covariance: [0.2, 0, 0, 1] }, sde);
    const second = gaussianModel({ mean: [0, -0.5], covariance: [1, 0, 0, 0.4] }, sde);
    const both = gaussianModel({ mean: [0.8, -0.5], covariance: [0.2, 0, 0, 0.4] }, sde);
    const factors = [first, second].map(model => ({ model, weight: 1 }));
    for (const t of [0.9, 0.4, 0.05]) {
      const { std } = sde.marginal(t);
      const product = await scoreOf(compose(prior, factors), t, std);
      const exact = await scoreOf(both, t, std);
      product.forEach((value, i) => {
        expect(Math.abs(value - exact[i]!)).toBeLessThan(1e-4 * Math.max(1, Math.abs(exact[i]!)));
      });
    }
  });

  it('a negative weight takes a factor out again, and weight 0 changes nothing', async () => {
    const sde = await makeSde(name);
    const prior = gaussianModel({ mean: [0, 0], covariance: [1, 0.3, 0.3, 1] }, sde);
    const model = gaussianModel({ mean: [0.8, 0.2], covariance: [0.2, 0.1, 0.1, 1] }, sde);
    const { std } = sde.marginal(0.5);
    const free = await scoreOf(prior, 0.5, std);
    const all = [
      compose(prior, [{ model, weight: 0 }]),
      compose(compose(prior, [{ model, weight: 0.7 }]), [{ model, weight: 0 }]),
      compose(prior, [
        { model, weight: 0.7 },
        { model, weight: -0.7 },
      ]),
    ];
    const [none, pulled, back] = await Promise.all(all.map(one => scoreOf(one, 0.5, std)));
    const far = (a: readonly number[]) => Math.max(...a.map((value, i) => Math.abs(value - free[i]!)));
    expect(far(none!)).toBeLessThan(1e-5);
    expect(far(back!)).toBeLessThan(1e-4);
    expect(far(pulled!)).toBeGreaterThan(0.05);
  });
});

it('refuses factors that do not fit', async () => {
  const sde = await makeSde('vp');
  const plane = gaussianModel({ mean: [0, 0], covariance: [1, 0, 0, 1] }, sde);
  const line = gaussianModel({ mean: [0], covariance: [1] }, sde);
  expect(() => compose(plane, [])).toThrow(/needs a factor/);
  expect(() => compose(plane, [{ model: line, weight: 1 }])).toThrow(/of one shape; got "\[1\]"/);
  expect(() => compose(plane, [{ model: plane, weight: Number.NaN }])).toThrow(/has to be a number/);
});
