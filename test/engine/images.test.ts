import fc from 'fast-check';
import { beforeAll, describe, expect, it } from 'vitest';
import type { Engine } from '../../src/engine/index.ts';
import * as T from '../../src/tensor/index.ts';
import { values } from '../support/draw.ts';
import { otherEngines, startEngines } from '../support/engines.ts';
import { both } from '../support/operations.ts';

type Case = {
  /** Shapes of the operands: batch, channels in units of two, and half a side. */
  shapes(b: number, c: number, n: number): number[][];
  program(...xs: T.Tensor[]): T.Tensor;
};

const image = (b: number, c: number, n: number) => [b, 2 * c, 2 * n, 2 * n + 2];
const conv = (kh: number, kw: number, out: number, options: T.ConvOptions): Case => ({
  shapes: (b, c, n) => [image(b, c, n + 1), [out, 2 * c, kh, kw], [out]],
  program: (x, w, bias) => T.conv2d(x!, w!, bias, options),
});
const BLUR = [1 / 8, 3 / 8, 3 / 8, 1 / 8];
const SKEW = [0.1, 0.2, 0.3, 0.4];

const CASES: Record<string, Case> = {
  'conv2d 3x3': conv(3, 3, 3, { padding: 1 }),
  'conv2d 3x3 without bias': {
    shapes: (b, c, n) => [image(b, c, n), [5, 2 * c, 3, 3]],
    program: (x, w) => T.conv2d(x!, w!, undefined, { padding: 1 }),
  },
  'conv2d 1x1': conv(1, 1, 4, {}),
  'conv2d 2x3': conv(2, 3, 2, { padding: [0, 2, 1, 1] }),
  'conv2d 3x3 without padding': conv(3, 3, 3, {}),
  'conv2d, more padding than reach': conv(3, 3, 2, { padding: 3 }),
  'conv2d 3x3, stride 2, rest of the image unread': conv(3, 3, 3, { stride: 2, padding: 1 }),
  'conv2d 3x3, stride 2, padded behind': conv(3, 3, 3, { stride: 2, padding: [0, 0, 1, 1] }),
  'conv2d 5x5, stride 3': conv(5, 5, 2, { stride: 3, padding: 2 }),
  'conv2d 3x3, dilation 2': conv(3, 3, 3, { dilation: 2, padding: 2 }),
  'conv2d 3x3, dilation 4': conv(3, 3, 3, { dilation: 4, padding: 4 }),
  'convTranspose2d 3x3, stride 2': {
    shapes: (b, c, n) => [image(b, c, n), [2 * c, 3, 3, 3]],
    program: (y, w) => T.convTranspose2d(y!, w!, [2 * y!.shape[2]! + 1, 2 * y!.shape[3]! + 1], { stride: 2 }),
  },
  'conv2d of whole blocks of channels': {
    shapes: (b, _c, n) => [[b, 32, 3, n + 2], [16, 32, 3, 3], [16]],
    program: (x, w, bias) => T.conv2d(T.mul(x!, 0.2), w!, bias, { padding: 1 }),
  },
  'conv2d of whole blocks, stride 2': {
    shapes: (b, _c, n) => [[b, 16, 4, 2 * n], [32, 16, 3, 3], [32]],
    program: (x, w, bias) => T.conv2d(T.mul(x!, 0.2), w!, bias, { stride: 2, padding: [0, 0, 1, 1] }),
  },
  upsampleConv2d: {
    shapes: (b, c, n) => [image(b, c, n), [3, 2 * c, 3, 3], [3]],
    program: (x, w, bias) => T.upsampleConv2d(x!, w!, bias!),
  },
  groupNorm: {
    shapes: (b, c, n) => [image(b, c, n), [2 * c], [2 * c]],
    program: (x, gamma, beta) => T.groupNorm(x!, gamma!, beta!, 2),
  },
  'groupNorm of each channel': {
    shapes: (b, c, n) => [image(b, c, n), [2 * c], [2 * c]],
    program: (x, gamma, beta) => T.groupNorm(x!, gamma!, beta!, x!.shape[1]!, 1e-5),
  },
  upsample2: { shapes: (b, c, n) => [image(b, c, n)], program: x => T.upsample2(x!) },
  meanPool2: { shapes: (b, c, n) => [image(b, c, n)], program: x => T.meanPool2(x!) },
  'fir2d, stride 2': {
    shapes: (b, c, n) => [image(b, c, n)],
    program: x => T.fir2d(x!, SKEW, 2, [1, 1]),
  },
  'fir2d, stride 1': {
    shapes: (b, c, n) => [image(b, c, n)],
    program: x => T.fir2d(x!, BLUR, 1, [2, 2]),
  },
  'firTranspose2d, stride 2': {
    shapes: (b, c, n) => [image(b, c, n)],
    program: x => T.firTranspose2d(x!, SKEW, 2, [1, 1], [2 * x!.shape[2]!, 2 * x!.shape[3]!]),
  },
};

const sides = fc.tuple(
  fc.integer({ min: 1, max: 3 }),
  fc.integer({ min: 1, max: 3 }),
  fc.integer({ min: 1, max: 3 }),
);
const engines: Record<string, Engine> = {};

beforeAll(async () => {
  Object.assign(engines, await startEngines());
});

const draw = (shapes: number[][], seed: number): T.PlainTensor[] =>
  shapes.map((shape, i) => ({ shape, data: values(seed + i, T.sizeOf(shape), -2, 2) }));

describe.each(Object.entries(CASES))('%s', (_name, given) => {
  it('has the value and gradients of the reference on every engine', async () => {
    await fc.assert(
      fc.asyncProperty(sides, fc.nat(1e6), async ([b, n, m], seed) => {
        const inputs = draw(given.shapes(b, n, m), seed);
        const expected = await both(engines.cpu!, given, inputs, seed + 9);
        for (const other of otherEngines) {
          const got = await both(engines[other]!, given, inputs, seed + 9);
          got.forEach((part, i) => void expect(part, `${other}, part ${i}`).toBeAllClose(expected[i]!, 1e-4));
        }
      }),
      { numRuns: 4 },
    );
  });

  it('has the gradients of finite differences', async () => {
    const inputs = draw(given.shapes(2, 2, 2), 5);
    const [value, ...grads] = await both(engines.onnx!, given, inputs, 11);
    const probe = values(11, value!.length, -1, 1);
    const h = 1e-2;
    for (const [k, input] of inputs.entries()) {
      for (const j of [0, input.data.length - 1]) {
        const at = async (shift: number) => {
          const moved = inputs.map((x, i) =>
            i === k ? { ...x, data: x.data.with(j, x.data[j]! + shift) } : x,
          );
          const [y] = await both(engines.cpu!, given, moved, 11);
          return y!.reduce((sum, v, i) => sum + v * probe[i]!, 0);
        };
        const slope = ((await at(h)) - (await at(-h))) / (2 * h);
        expect(grads[k]![j]!, `operand ${k}, element ${j}`).toBeCloseTo(slope, 1.5);
      }
    }
  });
});

describe('equivalences', () => {
  const run = async (engine: Engine, inputs: T.PlainTensor[], program: (...xs: T.Tensor[]) => T.Tensor) => {
    const compiled = engine.compile<null>((_w, xs) => [program(...xs)]);
    const results = await compiled.run(inputs.map(engine.put), null);
    const read = await engine.read(results[0]!);
    engine.free(...results);
    await compiled.dispose();
    return read;
  };
  const inputs = draw([[2, 3, 4, 5], [4, 3, 3, 3], [4]], 3);

  it.each(['cpu', 'wasm', 'onnx'])(
    'a convolution of doubled pixels, with fewer products, on %s',
    async name => {
      const slow = await run(engines[name]!, inputs, (x, w, bias) =>
        T.conv2d(T.upsample2(x!), w!, bias, { padding: 1 }),
      );
      const fast = await run(engines[name]!, inputs, (x, w, bias) => T.upsampleConv2d(x!, w!, bias!));
      expect(Array.from(fast)).toBeAllClose(slow, 1e-5);
    },
  );

  it('constant filters, as in a model with weights, give the same as filters that are inputs', async () => {
    const engine = engines.onnx!;
    const [x, w, bias] = draw([[2, 32, 5, 6], [16, 32, 3, 3], [16]], 8) as [
      T.PlainTensor,
      T.PlainTensor,
      T.PlainTensor,
    ];
    const programs = {
      conv: (...[image, filter]: T.Tensor[]) => T.conv2d(image!, filter!, undefined, { padding: 1 }),
      doubled: (...[image, filter, shift]: T.Tensor[]) => T.upsampleConv2d(image!, filter!, shift!),
    };
    for (const program of Object.values(programs)) {
      const given = await run(engine, [x, w, bias], program);
      const compiled = engine.compile<null>(
        ([filter, shift], [image]) => [program(image!, filter!, shift!)],
        [w, bias],
      );
      const [known] = await compiled.run([engine.put(x)], null);
      expect(Array.from(await engine.read(known!))).toBeAllClose(given, 1e-5);
      await compiled.dispose();
    }
  });
});
