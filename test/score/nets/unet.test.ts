import { beforeAll, describe, expect, it } from 'vitest';
import { type Engine, makeEngine } from '../../../src/engine/index.ts';
import { makeNet, type NetSpec } from '../../../src/registry/nets.ts';
import { oneHot } from '../../../src/score/labels.ts';
import * as T from '../../../src/tensor/index.ts';
import { values } from '../../support/draw.ts';

const SMALL = { width: 8, multipliers: [1, 2], blocks: 1 };
const NETS: Record<string, { spec: NetSpec; shape: number[] }> = {
  unet: { spec: { name: 'unet', ...SMALL }, shape: [1, 4, 4] },
  'unet, no channel axis, oblong': { spec: { name: 'unet', ...SMALL }, shape: [2, 4] },
  // In groups of one channel, normalisation would remove a shift by the noise level: two or more channels are
  // needed.
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
const LABELLED: NetSpec = { name: 'unet', ...SMALL, width: 16, classes: 3 };
const engines: Record<string, Engine> = {};
beforeAll(async () => {
  for (const name of ['cpu', 'wasm', 'onnx'] as const) engines[name] = await makeEngine(name);
});

/** Weights as after some training: weights that start at zero get values too. */
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

  it('keeps the shape of its input and starts from F = 0', async () => {
    const [value] = await run(engines.onnx!, net.init(1), inputs.slice(0, 2));
    expect(value!.length).toBe(T.sizeOf(inputs[0]!.shape));
    expect(Math.max(...value!.map(Math.abs))).toBeLessThan(1e-3);
  });

  it('has the same output and the same gradient of all its weights on every engine', async () => {
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

  it('gives the same for one noise level for the whole batch as for one per sample', async () => {
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

describe('a U-Net with classes', () => {
  const net = makeNet(LABELLED, [1, 4, 4]);
  const x = { shape: [3, 1, 4, 4], data: values(1, 48) };
  const rows = (...labels: number[]) => oneHot(labels, 3);
  async function run(engine: Engine, params: T.PlainParams, label?: T.PlainTensor) {
    const names = Object.keys(params);
    const compiled = engine.compile<null>((ws, [y, c, told]) => {
      const loss = (weights: T.Tensor[]) =>
        T.sum(T.square(net.apply(Object.fromEntries(names.map((n, i) => [n, weights[i]!])), y!, c!, told)));
      const { value, grads } = T.valueAndGrad(loss, ws);
      return [net.apply(Object.fromEntries(names.map((n, i) => [n, ws[i]!])), y!, c!, told), value, ...grads];
    }, Object.values(params));
    const level = { shape: [1], data: Float32Array.of(0.3) };
    const results = await compiled.run([x, level, ...(label ? [label] : [])].map(engine.put), null);
    const read = await Promise.all(results.map(engine.read));
    engine.free(...results);
    await compiled.dispose();
    return read;
  }

  it('starts as the U-Net without classes, for any label', async () => {
    const { 'labels.weight': labels, ...rest } = net.init(2);
    expect(labels!.shape).toEqual([4, 64]);
    expect(rest).toEqual(makeNet({ ...LABELLED, classes: undefined } as never, [1, 4, 4]).init(2));
    const params = { ...worn(rest), 'labels.weight': labels! };
    const [plain] = await run(engines.onnx!, params);
    const [told] = await run(engines.onnx!, params, rows(0, 1, 3));
    expect(told).toEqual(plain);
  });

  it('gives the same for one label for all rows as for one per row, and each label makes a difference', async () => {
    const params = worn(net.init(2));
    const [one] = await run(engines.onnx!, params, rows(1));
    const [each] = await run(engines.onnx!, params, rows(1, 1, 1));
    const [other] = await run(engines.onnx!, params, rows(1, 3, 1));
    expect(one!).toBeAllClose(each!, 1e-5);
    const change = (i: number) => Math.abs(other![i]! - each![i]!);
    for (let i = 0; i < 48; i++) if (i < 16 || i >= 32) expect(change(i)).toBe(0);
    expect(Math.max(...Array.from({ length: 16 }, (_, i) => change(16 + i)))).toBeGreaterThan(1e-4);
  });

  it('has the same output and gradient on every engine', async () => {
    const params = worn(net.init(2));
    const expected = await run(engines.cpu!, params, rows(2, 0, 3));
    for (const name of ['wasm', 'onnx']) {
      const got = await run(engines[name]!, params, rows(2, 0, 3));
      got.forEach((part, i) => {
        const unit = Math.max(...expected[i]!.map(Math.abs), 1e-3);
        expect(part.map(v => v / unit)).toBeAllClose(
          expected[i]!.map(v => v / unit),
          2e-4,
        );
      });
    }
  });
});

describe('invalid options', () => {
  it.each([
    [{ name: 'unet' }, [2], /for images/],
    [{ name: 'unet' }, [1, 10, 10], /halved 2 times/],
    [{ name: 'unet' }, [1, 10, 8], /halves its images 2 times/],
    [{ name: 'unet', width: 22 }, [1, 8, 8], /divide/],
    [{ name: 'unet', widht: 8 }, [1, 8, 8], /widht/],
    [{ name: 'unet', width: 2 }, [1, 8, 8], /groups/],
    [{ name: 'unet', classes: 1.5 }, [1, 8, 8], /number of classes/],
    [{ name: 'unet', dropout: 1 }, [1, 8, 8], /dropout is out of range/],
    [{ name: 'mlp', classes: 0 }, [2], /number of classes/],
  ])('%j for samples of %j is refused', (spec, shape, message) => {
    expect(() => makeNet(spec as never, shape)).toThrow(message);
  });
});
