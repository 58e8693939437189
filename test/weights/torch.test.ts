import { execFileSync } from 'node:child_process';
import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { readSafetensors, writeSafetensors } from '../../src/files/index.ts';
import { chooseWeights } from '../../src/weights/checkpoint.ts';
import { exportSafetensors, importWeights, readWeights } from '../../src/weights/index.ts';
import { bytesSource } from '../../src/weights/source.ts';
import { openTorch, readTensors } from '../../src/weights/torch/read.ts';
import { archive, expected, fixture, fixtureBytes, pickleOf } from './support.ts';

const bits = (data: ArrayBufferView) =>
  Buffer.from(data.buffer, data.byteOffset, data.byteLength).toString('hex');

async function expectSame(path: string, name: string, options = {}) {
  const { tensors } = await readWeights(path, options);
  const wanted = expected(name);
  expect([...tensors.keys()].sort()).toEqual([...wanted.keys()].sort());
  for (const [key, { dtype, shape, data }] of tensors) {
    expect([key, dtype, shape, bits(data)]).toEqual([
      key,
      wanted.get(key)!.dtype,
      wanted.get(key)!.shape,
      bits(wanted.get(key)!.data),
    ]);
  }
}

describe('files that torch.save wrote', () => {
  test.each(['state-dict', 'state-dict-protocol-4', 'legacy', 'views', 'views-legacy', 'types'])(
    '%s: every tensor, bit for bit, with its type and shape',
    name => expectSame(fixture(`${name}.pth`), name),
  );

  test.each(['checkpoint', 'checkpoint-legacy'])(
    '%s: the averaged list gets the names of the model; untrained tensors stay those of the model',
    async name => {
      await expectSame(fixture(`${name}.pth`), name);
      await expectSame(fixture(`${name}.pth`), 'checkpoint-model', { weights: 'model' });
      expect((await readWeights(fixture(`${name}.pth`))).source).toMatchObject({ kind: 'ema', step: 1200 });
    },
  );

  test('a list that ends with averaged weights by name', () => expectSame(fixture('list.pth'), 'list'));

  test('a checkpoint without an average says so on request', async () => {
    await expect(readWeights(fixture('state-dict.pth'), { weights: 'ema' })).rejects.toThrow(
      'the file has no moving average',
    );
  });

  test('import, export, import: the same tensors and the same bytes', async () => {
    const { params } = await importWeights(fixture('checkpoint.pth'));
    const written = exportSafetensors(params);
    const path = join(mkdtempSync(join(tmpdir(), 'weights-')), 'model.safetensors');
    writeFileSync(path, written);
    const again = await importWeights(path);
    expect(exportSafetensors(again.params)).toEqual(written);
    expect(Object.keys(params)).toContain('all_modules.1.weight');
    for (const [name, { shape, data }] of Object.entries(params))
      expect([again.params[name]!.shape, bits(again.params[name]!.data)]).toEqual([shape, bits(data)]);
  });

  test('read weights are written as the same safetensors, from any kind of file', async () => {
    const written = await Promise.all(
      ['state-dict', 'legacy', 'state-dict-protocol-4'].map(async name =>
        writeSafetensors(await readWeights(fixture(`${name}.pth`))),
      ),
    );
    expect(written[1]).toEqual(written[0]);
    expect(written[2]).toEqual(written[0]);
    const { tensors } = readSafetensors(fixtureBytes('state-dict.safetensors'), 'state-dict');
    expect(writeSafetensors({ tensors })).toEqual(written[0]);
  });

  test('numbers beyond float32 are refused for a network instead of being changed', async () => {
    const tensors = new Map([['a', { dtype: 'F64', shape: [1], data: Float64Array.of(1e300) }]]);
    const path = join(mkdtempSync(join(tmpdir(), 'weights-')), 'wide.safetensors');
    writeFileSync(path, writeSafetensors({ tensors }));
    await expect(importWeights(path)).rejects.toThrow(
      'tensor "a", element 0: a number that float32 cannot hold',
    );
  });
});

describe('views of a storage', () => {
  const storage = Float32Array.from({ length: 24 }, (_, i) => i);
  const read = async (offset: number, shape: number[], strides: number[]) => {
    const bytes = archive(pickleOf({ offset, shape, strides }, 24), {
      'archive/data/0': new Uint8Array(storage.buffer),
    });
    const source = bytesSource(bytes, 'file.pth');
    const file = await openTorch(source);
    const { refs } = chooseWeights(file.root, undefined, 'file.pth');
    return (await readTensors(file, refs, source)).get('w')!.data;
  };
  const extents = fc.array(fc.tuple(fc.nat({ max: 4 }), fc.nat({ max: 9 })), { maxLength: 4 });

  test('have the elements that their strides define, or are refused if one is outside', async () => {
    await fc.assert(
      fc.asyncProperty(fc.nat({ max: 25 }), extents, async (offset, axes) => {
        const [shape, strides] = [axes.map(([extent]) => extent), axes.map(([, stride]) => stride)];
        const indices = shape.reduce<number[][]>(
          (all, extent) => all.flatMap(index => Array.from({ length: extent }, (_, i) => [...index, i])),
          [[]],
        );
        const wanted = indices.map(index => index.reduce((sum, i, axis) => sum + i * strides[axis]!, offset));
        if (wanted.some(place => place >= 24))
          await expect(read(offset, shape, strides)).rejects.toThrow('reaches outside its storage');
        else expect([...(await read(offset, shape, strides))]).toEqual(wanted);
      }),
    );
  });

  test.each([
    ['negative extents', 0, [-2], [1]],
    ['negative strides', 4, [2], [-1]],
    ['a negative offset', -1, [2], [1]],
    ['more strides than extents', 0, [2], [1, 1]],
  ])('%s are refused', async (_what, offset, shape, strides) => {
    await expect(read(offset, shape, strides)).rejects.toThrow('an impossible tensor');
  });

  test('one element that claims to be a billion is refused before memory is taken', async () => {
    await expect(read(0, [2 ** 30, 4], [0, 0])).rejects.toThrow(
      'expand to far more than the size of the file',
    );
  });
});

describe('torch itself', () => {
  const hasTorch = (() => {
    try {
      execFileSync('python3', ['-c', 'import torch, safetensors'], { stdio: 'ignore' });
      return true;
    } catch {
      return false;
    }
  })();

  test.skipIf(!hasTorch)('reads back the safetensors we export', async () => {
    const { params } = await importWeights(fixture('checkpoint.pth'));
    const path = join(mkdtempSync(join(tmpdir(), 'weights-')), 'out.safetensors');
    writeFileSync(path, exportSafetensors(params));
    const script = [
      'import sys, torch, safetensors.torch as s',
      'ours, theirs = s.load_file(sys.argv[1]), s.load_file(sys.argv[2])',
      'assert ours.keys() == theirs.keys()',
      'assert all(torch.equal(ours[k], theirs[k].float()) for k in ours)',
      'print("same")',
    ].join('\n');
    const out = execFileSync('python3', ['-c', script, path, fixture('checkpoint.safetensors')]);
    expect(out.toString()).toBe('same\n');
  });
});
