import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  realpathSync,
  renameSync,
  rmSync,
  statSync,
  truncateSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { makeEngine, type Program } from '../../src/engine/index.ts';
import { lower } from '../../src/engine/onnx/compile/lower.ts';
import type { PackedModel } from '../../src/engine/onnx/compile/packed.ts';
import { packModel } from '../../src/engine/onnx/native/packed-files.ts';
import { sessionsOf } from '../../src/engine/onnx/sessions/sessions.ts';
import { openSafetensors } from '../../src/files/disk.ts';
import { writeSafetensors } from '../../src/files/index.ts';
import { add, matmul, type PlainTensor, type Tensor } from '../../src/tensor/index.ts';
import { trace } from '../../src/tensor/trace/trace.ts';
import { values } from '../support/draw.ts';

const SIDE = 160;
const folder = mkdtempSync(join(tmpdir(), 'weights-'));

/** Two matrices that are large enough to stay in a file, and a row that is not. */
function written(name: string, seed: number): string {
  const matrix = (at: number) => ({ dtype: 'F32', shape: [SIDE, SIDE], data: values(at, SIDE * SIDE) });
  const path = join(folder, name);
  mkdirSync(dirname(path), { recursive: true });
  const tensors = new Map([
    ['a', matrix(seed)],
    ['b', matrix(seed + 1)],
    ['row', { dtype: 'F32', shape: [SIDE], data: values(seed + 2, SIDE) }],
  ]);
  writeFileSync(path, writeSafetensors({ tensors }));
  return path;
}

const opened = (path: string) => [...openSafetensors(path, path).tensors.values()] as PlainTensor[];
const inMemory = (weights: readonly PlainTensor[]) => weights.map(({ data, shape }) => ({ data, shape }));

const x = { data: values(9, 2 * SIDE), shape: [2, SIDE] };
const affine: Program<null> = (weights, [input]) => {
  const [a, b, row] = weights as [Tensor, Tensor, Tensor];
  return [add(matmul(matmul(input!, a), b), row)];
};

async function answer(weights: readonly PlainTensor[], lane?: number, cache?: string): Promise<Float32Array> {
  const engine = await makeEngine('onnx', cache === undefined ? {} : { cache });
  const program = engine.compile(affine, weights);
  const [y] = await program.run([engine.put(x)], null, lane);
  const data = await engine.read(y!);
  await program.dispose();
  return data;
}

describe('weights in a file', () => {
  it('are used from there, on all threads and on a lane', async () => {
    const path = written('some', 1);
    const expected = await answer(inMemory(opened(path)));
    expect(await answer(opened(path))).toEqual(expected);
    expect(await answer(opened(path), 0)).toEqual(expected);
  });

  it('are those of the file that was opened, even if another took its name', async () => {
    const path = written('replaced', 3);
    const weights = opened(path);
    const expected = await answer(inMemory(opened(path)));
    renameSync(written('newer', 5), path);
    expect(await answer(weights)).toEqual(expected);
    expect(await answer(opened(path))).not.toEqual(expected);
  });

  it('come from memory if the file was replaced or removed while a session was opened', async () => {
    for (const [name, meanwhile] of [
      ['taken over', (path: string) => renameSync(written('newest', 13), path)],
      ['removed', (path: string) => rmSync(path)],
    ] as const) {
      const path = written(name, 9);
      const weights = opened(path);
      const opens: PackedModel[] = [];
      const runtime = {
        lanes: 1,
        pack: packModel,
        async open(model: PackedModel) {
          opens.push(model);
          if (opens.length === 1) meanwhile(path);
          if (!existsSync(path) && model.folder) throw new Error('no such file');
          return { run: async () => [], release: async () => {} };
        },
        ended: () => false,
        close: async () => {},
      };
      const { graph } = trace(weights, [x.shape], (all, [input]) => affine(all, [input!], null));
      await sessionsOf(runtime, () => packModel(lower(graph))).on(undefined);
      expect(opens.map(({ folder }) => folder)).toEqual([realpathSync(folder), undefined]);
      const handed = opens[1]!.externalData.map(({ data }) => new Float32Array(data.buffer));
      expect(handed).toEqual(weights.slice(0, 2).map(({ data }) => data));
    }
  });

  it('can be in files of several folders, or in memory', async () => {
    const [a] = opened(written('one/weights', 7));
    const [, b, row] = opened(written('two/weights', 11));
    const expected = await answer(inMemory([a!, b!, row!]));
    expect(await answer([a!, b!, row!])).toEqual(expected);
    expect(await answer([a!, ...inMemory([b!, row!])])).toEqual(expected);
  });

  it('are cached in the layout of the runtime if a folder is set, and found again by their file', async () => {
    const cache = join(folder, 'kept');
    const path = written('large', 17);
    const expected = await answer(inMemory(opened(path)));
    const models = () => readdirSync(cache).sort();
    expect(await answer(opened(path), undefined, cache)).toEqual(expected);
    const [first, ...others] = models();
    expect(others).toEqual([]);
    expect(readdirSync(join(cache, first!)).sort()).toEqual(['graph.onnx', 'weights.bin']);
    expect(await answer(opened(path), undefined, cache)).toEqual(expected);
    expect(models()).toEqual([first]);
    // Damage is not an error: an entry that cannot be opened is written again.
    truncateSync(join(cache, first!, 'weights.bin'), 100);
    expect(await answer(opened(path), undefined, cache)).toEqual(expected);
    expect(statSync(join(cache, first!, 'weights.bin')).size).toBeGreaterThan(100_000);
    // Another file of that name is another model.
    renameSync(written('larger', 23), path);
    const newer = await answer(inMemory(opened(path)));
    expect(await answer(opened(path), undefined, cache)).toEqual(newer);
    expect(models()).toHaveLength(2);
  });

  it('need no writable folder', async () => {
    const path = written('unkept', 29);
    const expected = await answer(inMemory(opened(path)));
    expect(await answer(opened(path), undefined, join(path, 'not a folder'))).toEqual(expected);
  });
});
