import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { tryEngine } from '../../src/engine/index.ts';
import { encodeModel, type OnnxGraph } from '../../src/engine/onnx/compile/model.ts';
import { onnxFeatures } from '../../src/engine/onnx/features.ts';
import { featureStatistics, frechetDistance } from '../../src/quality/index.ts';
import { normals } from './support.ts';

const absent = (await tryEngine('onnx')) instanceof Error;

const folder = mkdtempSync(join(tmpdir(), 'features-'));

/** y = 2x + 1 and z = −x, over `[N, 1, 2, 2]`. */
const graph: OnnxGraph = {
  nodes: [
    { op: 'Mul', inputs: ['x', 'two'], outputs: ['double'] },
    { op: 'Add', inputs: ['double', 'one'], outputs: ['y'] },
    { op: 'Neg', inputs: ['x'], outputs: ['z'] },
  ],
  initializers: [
    { name: 'two', dtype: 'float32', shape: [], data: Float32Array.of(2) },
    { name: 'one', dtype: 'float32', shape: [], data: Float32Array.of(1) },
  ],
  inputs: [{ name: 'x', dtype: 'float32', shape: ['N', 1, 2, 2] }],
  outputs: [
    { name: 'y', dtype: 'float32', shape: ['N', 1, 2, 2] },
    { name: 'z', dtype: 'float32', shape: ['N', 1, 2, 2] },
  ],
};

const write = (name: string, bytes: Uint8Array | string) => {
  writeFileSync(join(folder, name), bytes);
  return join(folder, name);
};

describe.skipIf(absent)('features of an ONNX file', () => {
  const path = write('affine.onnx', encodeModel(graph));
  const images = (seed: number, shift = 0) => ({ ...normals(500, 4, seed, shift), shape: [500, 1, 2, 2] });

  test('are the rows of its first output or of a named one, with any batch size', async () => {
    const inputs = images(1);
    for (const batch of [1, 7, 500, 600]) {
      const { data, shape } = await (await onnxFeatures(path, { batch })).features(inputs);
      expect(shape).toEqual([500, 4]);
      expect(data).toEqual(inputs.data.map(value => Math.fround(2 * value) + 1));
    }
    const other = await onnxFeatures(path, { output: 'z' });
    expect((await other.features(inputs)).data).toEqual(inputs.data.map(value => -value));
    await other.close();
  });

  test('give the Fréchet distance that the map implies: four times that of the images', async () => {
    const extractor = await onnxFeatures(path);
    const of = async (seed: number, shift: number) =>
      featureStatistics(await extractor.features(images(seed, shift)));
    const plain = (seed: number, shift: number) => featureStatistics(normals(500, 4, seed, shift));
    const distance = frechetDistance(await of(1, 0), await of(2, 0.5));
    expect([distance]).toBeAllClose([4 * frechetDistance(plain(1, 0), plain(2, 0.5))], 1e-5);
  });

  test('what does not fit is refused', async () => {
    await expect(onnxFeatures(join(folder, 'none.onnx'))).rejects.toThrow('none.onnx: no such file');
    await expect(onnxFeatures(write('text.onnx', 'hello'))).rejects.toThrow('not an ONNX model that loads');
    await expect(onnxFeatures(path, { output: 'w' })).rejects.toThrow(
      /Unknown output .* "w".* Available: y, z/,
    );
    const extractor = await onnxFeatures(path);
    await expect(extractor.features({ ...images(1), shape: [500, 2, 2, 1] })).rejects.toThrow(
      'the network rejects its inputs',
    );
    await expect(extractor.features({ data: new Float32Array(0), shape: [0, 1, 2, 2] })).rejects.toThrow(
      'not a set of inputs',
    );
  });
});
