import { readFileSync } from 'node:fs';
import { beforeAll, describe, expect, it } from 'vitest';
import { type Engine, makeEngine } from '../../../src/engine/index.ts';
import { readSafetensors } from '../../../src/files/index.ts';
import { type PublishedConfig, publishedNet } from '../../../src/score/nets/published-net.ts';
import { type PlainParams, type PlainTensor, type Shape, sizeOf, vjp } from '../../../src/tensor/index.ts';

/**
 * Small networks with every kind of option, computed by the published PyTorch code (score_sde_pytorch,
 * ncsnv2, diffusers). Inputs and weights come from a formula: element j of tensor k is sin(12.9898·j +
 * 78.233·k), j and k from 1, scaled as below.
 */
const FOLDER = 'test/fixtures/nets';
interface Case {
  readonly case: string;
  readonly config: PublishedConfig;
  /** The condition of each of the two samples, and the σ by which its output is divided. */
  readonly level: readonly number[];
  readonly sigma: readonly number[];
}
const cases = JSON.parse(readFileSync(`${FOLDER}/published.json`, 'utf8')) as Case[];
const { tensors } = readSafetensors(readFileSync(`${FOLDER}/published.safetensors`), 'published.safetensors');
const recorded = (name: string) => Float32Array.from(tensors.get(name)!.data as Float32Array);

const wave = (shape: Shape, k: number, scale = 1, around = 0): PlainTensor => ({
  shape,
  data: Float32Array.from(
    { length: sizeOf(shape) },
    (_, j) => around + scale * Math.sin(12.9898 * (j + 1) + 78.233 * k),
  ),
});

/** Matrices with variance 1/fan-in, scales about 1, shifts about 0, frequencies up to 3: nothing is zero. */
function weight(name: string, shape: Shape, k: number): PlainTensor {
  const last = name.split('.').at(-1)!;
  if (shape.length > 1) {
    const fanIn = last === 'W' ? shape[0]! : sizeOf(shape.slice(1));
    return wave(shape, k, Math.sqrt(2 / fanIn));
  }
  if (last === 'W') return wave(shape, k, 3);
  return wave(shape, k, 0.3, ['alpha', 'gamma', 'weight'].includes(last) ? 1 : 0);
}

/** The largest difference, in units of the largest expected value. */
const off = (got: Float32Array, expected: Float32Array) =>
  Math.max(...got.map((v, i) => Math.abs(v - expected[i]!))) / Math.max(...expected.map(Math.abs));

const engines: Record<string, Engine> = {};
beforeAll(async () => {
  for (const name of ['onnx', 'wasm', 'cpu'] as const) engines[name] = await makeEngine(name);
});

describe.each(cases)('the published code: $case', ({ case: name, config, level, sigma }) => {
  const net = publishedNet(config);
  const entries = Object.entries(net.weights).map(([key, { shape }], i) => [key, weight(key, shape, i + 1)]);
  const params = Object.fromEntries(entries) as PlainParams;
  const names = Object.keys(params);
  const { channels, side } = net.config;
  const shape = [2, channels, side, side];
  const row = (data: readonly number[]): PlainTensor => ({ shape: [2], data: Float32Array.from(data) });
  const inputs = [wave(shape, 1001, 0.5, 0.5), row(level), row(sigma), wave(shape, 1002)];

  // The plain engine is slow, so it computes only one network of each family.
  const plain = ['ncsn++, VE', 'ncsnv2_64'].includes(name) ? ['cpu'] : [];
  it.each(['onnx', 'wasm', ...plain])('output and gradient on %s', async engineName => {
    const engine = engines[engineName]!;
    const program = engine.compile<null>(
      (ws, [x, told, by, probe]) => {
        const given = Object.fromEntries(names.map((key, i) => [key, ws[i]!]));
        const { value, product } = vjp(y => net.apply(given, y, told!, { sigma: by! }), x!, probe!);
        return [value, product];
      },
      names.map(key => params[key]!),
    );
    const results = await program.run(inputs.map(engine.put), null);
    const [output, gradient] = await Promise.all(results.map(engine.read));
    expect(off(output!, recorded(`${name}.output`))).toBeLessThan(2e-4);
    expect(off(gradient!, recorded(`${name}.vjp`))).toBeLessThan(2e-4);
    engine.free(...results);
    await program.dispose();
  });
});
