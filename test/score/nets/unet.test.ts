import { beforeAll, describe, expect, it } from 'vitest';
import { type Engine, makeEngine } from '../../../src/engine/index.ts';
import { makeNet, type NetSpec } from '../../../src/score/nets/index.ts';
import * as T from '../../../src/tensor/index.ts';
import { values } from '../../support/draw.ts';

const SMALL = { width: 8, multipliers: [1, 2], blocks: 1 };
const NETS: Record<string, { spec: NetSpec; shape: number[] }> = {
  unet: { spec: { name: 'unet', ...SMALL }, shape: [1, 4, 4] },
  'unet, no channel axis, oblong': { spec: { name: 'unet', ...SMALL }, shape: [2, 4] },
  // In groups of one channel a shift by the noise level would be normalised away: two and more are needed.
  ddpm: {
    spec: { name: 'ddpm', width: 64, multipliers: [1, 1], blocks: 1, attention: [] },
    shape: [1, 4, 4],
  },
  ddpmpp: { spec: { name: 'ddpmpp', ...SMALL, attention: [2] }, shape: [3, 4, 4] },
  ncsnpp: { spec: { name: 'ncsnpp', ...SMALL }, shape: [2, 4, 4] },
  'ncsnpp, pyramids by skips': {
    spec: { name: 'ncsnpp', ...SMALL, inputPyramid: 'skip', outputPyramid: 'skip', combine: 'cat' },
    shape: [3, 4, 4],
  },
  'ncsnpp, blocks of DDPM, residual pyramids': {
    spec: { name: 'ncsnpp', ...SMALL, residual: 'ddpm', outputPyramid: 'residual', activation: 'elu' },
    shape: [3, 4, 4],
  },
};
const engines: Record<string, Engine> = {};
beforeAll(async () => {
  for (const name of ['cpu', 'wasm', 'onnx'] as const) engines[name] = await makeEngine(name);
});

/** Weights as after some training: those that begin at zero are given values too. */
const worn = (params: T.PlainParams): T.PlainParams =>
  Object.fromEntries(
    Object.entries(params).map(([name, { shape, data }], i) => {
      const shifts = values(i, data.length, -0.1, 0.1);
      return [name, { shape, data: data.map((v, j) => v + shifts[j]!) }];
    }),
  );

describe.each(Object.entries(NETS))('%s', (_name, { spec, shape }) => {
  const net = makeNet(spec, shape);
  const draw = (seed: number, ...sides: number[]): T.PlainTensor => ({
    shape: sides,
    data: values(seed, T.sizeOf(sides), -1, 1),
  });

  async function run(engine: Engine, params: T.PlainParams, inputs: T.PlainTensor[]) {
    const names = Object.keys(params);
    const compiled = engine.compile<null>((ws, [x, condition, probe]) => {
      const apply = (y: T.Tensor, weights: T.Tensor[]) =>
        net.apply(Object.fromEntries(names.map((name, i) => [name, weights[i]!])), y, condition!);
      if (!probe) return [apply(x!, ws)];
      const { value, grads } = T.valueAndGrad(
        ([y, ...weights]) => T.sum(T.mul(apply(y!, weights), probe)),
        [x!, ...ws],
      );
      return [apply(x!, ws), value, ...grads];
    }, Object.values(params));
    const results = await compiled.run(inputs.map(engine.put), null);
    const read = await Promise.all(results.map(engine.read));
    engine.free(...results);
    await compiled.dispose();
    return read;
  }
  const inputs = [draw(1, 2, ...shape), draw(2, 2), draw(3, 2, ...shape)];

  it('keeps the form of its input and starts from F = 0', async () => {
    const [value] = await run(engines.onnx!, net.init(1), inputs.slice(0, 2));
    expect(value!.length).toBe(T.sizeOf(inputs[0]!.shape));
    expect(Math.max(...value!.map(Math.abs))).toBeLessThan(1e-3);
  });

  it('has one output and one gradient of all its weights on every engine', async () => {
    const params = worn(net.init(2));
    const expected = await run(engines.cpu!, params, inputs);
    const scale = (v: Float32Array) => Math.max(...v.map(Math.abs));
    expect(scale(expected[0]!)).toBeGreaterThan(0.01);
    for (const name of ['wasm', 'onnx']) {
      const got = await run(engines[name]!, params, inputs);
      got.forEach((part, i) => {
        const unit = Math.max(scale(expected[i]!), 1e-3);
        expect(
          Array.from(part, v => v / unit),
          `${name}, part ${i}`,
        ).toBeAllClose(
          expected[i]!.map(v => v / unit),
          2e-4,
        );
      });
    }
  });

  it('takes one noise level for the whole batch as it takes one a sample', async () => {
    const params = worn(net.init(2));
    const [x] = inputs as [T.PlainTensor];
    const level = (...data: number[]): T.PlainTensor => ({
      shape: [data.length],
      data: Float32Array.from(data),
    });
    const [one] = await run(engines.onnx!, params, [x, level(0.4)]);
    const [each] = await run(engines.onnx!, params, [x, level(0.4, 0.4)]);
    const [other] = await run(engines.onnx!, params, [x, level(-0.4, -0.4)]);
    expect(Array.from(one!)).toBeAllClose(each!, 1e-5);
    expect(Math.max(...other!.map((v, i) => Math.abs(v - each![i]!)))).toBeGreaterThan(1e-3);
  });
});

describe('what cannot be', () => {
  it.each([
    [{ name: 'unet' }, [2], /for images/],
    [{ name: 'unet' }, [1, 10, 10], /halved 2 times/],
    [{ name: 'unet' }, [1, 10, 8], /halves its images 2 times/],
    [{ name: 'unet', width: 22 }, [1, 8, 8], /divide/],
    [{ name: 'unet', widht: 8 }, [1, 8, 8], /widht/],
    [{ name: 'unet', width: 2 }, [1, 8, 8], /groups/],
  ])('%j for samples of %j is refused', (spec, shape, message) => {
    expect(() => makeNet(spec, shape)).toThrow(message);
  });
});
