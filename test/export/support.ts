import * as ort from 'onnxruntime-node';
import { fillNormal, key } from '../../src/random/index.ts';
import { makeNet } from '../../src/registry/nets.ts';
import { makeSde, type SdeSpec } from '../../src/registry/sdes.ts';
import { parseConfig, trainingDefaults } from '../../src/run/folder/config.ts';
import type { Run } from '../../src/run/run.ts';
import { networkModel } from '../../src/score/model.ts';
import type { PlainTensor } from '../../src/tensor/index.ts';

/** A run with random weights instead of trained ones: nothing in it is zero, so that nothing is hidden. */
export async function drawnRun(
  sde: SdeSpec,
  shape: [number, ...number[]] = [3],
  net: object = {},
): Promise<Run> {
  const size = shape.reduce((product, side) => product * side, 1);
  const config = parseConfig(
    {
      format: 1,
      version: '0.0.0',
      engine: 'onnx',
      seed: 0,
      data: { source: 'test', shape, testFraction: 0 },
      transform: {
        shift: Array.from({ length: size }, (_, i) => 0.5 * i - 1),
        scale: Array.from({ length: size }, (_, i) => 1 + 0.25 * i),
        bins: false,
      },
      sde: typeof sde === 'string' ? { name: sde } : sde,
      net: { name: 'mlp', width: 16, depth: 2, predicts: 'velocity', ...net },
      objective: { weighting: 'simple', epsilon: 1e-5 },
      training: trainingDefaults,
    },
    'test',
  );
  const made = await makeSde(sde);
  const score = makeNet(config.net as never, shape);
  const params = Object.fromEntries(
    Object.entries(score.init(0)).map(([name, { data, shape: sides }]) => {
      const out = new Float32Array(data.length);
      fillNormal(out, key(7, name), { step: 0, first: 0, size: data.length });
      return [name, { data: out.map(value => 0.2 * value), shape: sides }];
    }),
  );
  return { config, sde: made, params, losses: [], model: networkModel(score, params, made, shape) };
}

/** Runs the bytes of a model in a session of their own. */
export async function runModel(
  bytes: Uint8Array,
  feeds: Record<string, PlainTensor>,
): Promise<Record<string, PlainTensor>> {
  const session = await ort.InferenceSession.create(bytes, { intraOpNumThreads: 1 });
  const given = Object.entries(feeds).map(([name, { data, shape }]) => [
    name,
    new ort.Tensor('float32', data, [...shape]),
  ]);
  const results = await session.run(Object.fromEntries(given));
  await session.release();
  return Object.fromEntries(
    Object.entries(results).map(([name, { data, dims }]) => [
      name,
      { data: data as Float32Array, shape: dims },
    ]),
  );
}

export const normal = (seed: number, shape: readonly number[]): PlainTensor => {
  const data = new Float32Array(shape.reduce((product, side) => product * side, 1));
  fillNormal(data, key(seed, 'test'), { step: 0, first: 0, size: data.length });
  return { data, shape };
};
