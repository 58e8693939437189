import { existsSync, readFileSync } from 'node:fs';
import { beforeAll, describe, expect, it } from 'vitest';
import { type Engine, makeEngine } from '../../../src/engine/index.ts';
import { readSafetensors } from '../../../src/files/index.ts';
import { unetOf } from '../../../src/score/nets/unet/network.ts';
import { fromPublished } from '../../../src/score/nets/unet/published-config.ts';
import { type PlainTensor, sizeOf, vjp } from '../../../src/tensor/index.ts';

const FOLDER = '../shared/fixtures/score_sde/nets';
const NETS = ['ddpm-vp', 'ddpmpp-vp', 'ncsnpp-ve'];
const here = existsSync(FOLDER);
if (!here) console.warn(`Published networks are not checked: ${FOLDER} is absent`);

function read(file: string): Record<string, PlainTensor> {
  const { tensors } = readSafetensors(readFileSync(`${FOLDER}/${file}.safetensors`), file);
  return Object.fromEntries(
    [...tensors].map(([name, { shape, data }]) => [
      name,
      { shape, data: Float32Array.from(data as Float32Array) },
    ]),
  );
}

/** The largest difference, in units of the largest expected value. */
const off = (got: Float32Array, expected: Float32Array) =>
  Math.max(...got.map((v, i) => Math.abs(v - expected[i]!))) / Math.max(...expected.map(Math.abs));

const engines: Record<string, Engine> = {};
beforeAll(async () => {
  for (const name of ['onnx', 'wasm'] as const) engines[name] = await makeEngine(name);
});

describe.skipIf(!here).each(NETS)('the published network %s', name => {
  const config = () => fromPublished(JSON.parse(readFileSync(`${FOLDER}/${name}.config.json`, 'utf8')));

  it('lists exactly the weights of its file', () => {
    const file = read(`${name}.weights`);
    const expected = Object.entries(file).filter(([key]) => key !== 'sigmas');
    const listed = Object.entries(unetOf(config()).weights);
    expect(Object.fromEntries(listed.map(([key, { shape }]) => [key, shape]))).toEqual(
      Object.fromEntries(expected.map(([key, { shape }]) => [key, shape])),
    );
  });

  it.each(['onnx', 'wasm'])('computes its recorded output and gradient on %s', async engineName => {
    const engine = engines[engineName]!;
    const net = unetOf(config());
    const weights = read(`${name}.weights`);
    const io = read(`${name}.io`);
    const names = Object.keys(net.weights);
    const program = engine.compile<null>(
      (constants, [x, labels, probe]) => {
        const params = Object.fromEntries(names.map((key, i) => [key, constants[i]!]));
        const { value, product } = vjp(y => net.apply(params, y, labels!), x!, probe!);
        return [value, product];
      },
      names.map(key => weights[key]!),
    );
    const inputs = [io.x!, io.labels!, io.probe!];
    const results = await program.run(inputs.map(engine.put), null);
    const [output, gradient] = await Promise.all(results.map(engine.read));
    expect(output!.length).toBe(sizeOf(io.output!.shape));
    expect(off(output!, io.output!.data)).toBeLessThan(2e-4);
    expect(off(gradient!, io.vjp!.data)).toBeLessThan(2e-4);
    engine.free(...results);
    await program.dispose();
  });
});
