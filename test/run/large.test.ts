import { mkdtempSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { makeEngine } from '../../src/engine/index.ts';
import { digestOf, writeSafetensors } from '../../src/files/index.ts';
import { makeNet } from '../../src/registry/nets.ts';
import { openRun } from '../../src/run/run.ts';
import { train } from '../../src/run/train/train.ts';
import { sample } from '../../src/run/use/sample.ts';
import { networkModel } from '../../src/score/model.ts';
import { type PlainParams, sizeOf } from '../../src/tensor/index.ts';
import { values } from '../support/draw.ts';

const WIDTH = 3000;
const dir = join(mkdtempSync(join(tmpdir(), 'langevin-large-')), 'run');
await train({ data: 'moons', net: { name: 'mlp', width: 8, depth: 1 }, steps: 1, batch: 8, out: dir });
const net = makeNet({ name: 'mlp', width: WIDTH, depth: 1 }, [2]);

/** Random weights, also for those that start at zero. Nine million numbers take a second, so only once. */
const base: PlainParams = Object.fromEntries(
  Object.entries(net.init(1)).map(([name, { shape }], i) => {
    const data = values(i, sizeOf(shape));
    return [name, { shape, data: data.map(v => v / Math.sqrt(shape[0]!)) }];
  }),
);
const drawn = (seed: number): PlainParams =>
  Object.fromEntries(
    Object.entries(base).map(([name, { shape, data }]) => [
      name,
      { shape, data: data.map(v => v * (1 + seed / 8)) },
    ]),
  );

/** The same run with a network of 72 MB. */
function enlarged(seed: number): void {
  const config = JSON.parse(readFileSync(join(dir, 'config.json'), 'utf8'));
  config.net.width = WIDTH;
  writeFileSync(join(dir, 'config.json'), JSON.stringify(config));
  const tensors = new Map(
    Object.entries(drawn(seed)).map(([name, { data, shape }]) => [name, { dtype: 'F32', shape, data }]),
  );
  const bytes = writeSafetensors({ tensors, metadata: { sha256: digestOf(tensors) } });
  writeFileSync(join(dir, 'new.tmp'), bytes);
  renameSync(join(dir, 'new.tmp'), join(dir, 'model.safetensors'));
}

describe('a run with large weights', () => {
  it('leaves them in their file, and stays the same if another file takes its name', async () => {
    enlarged(1);
    const run = await openRun(dir);
    expect(Object.values(run.params).every(({ stored }) => stored !== undefined)).toBe(true);
    const inMemory = networkModel(net, drawn(1), run.sde, [2]);
    const engine = await makeEngine('onnx');
    const samples = (model: typeof run.model) => sample({ ...run, model }, { count: 3, steps: 2, engine });
    const { data } = await samples(run.model);
    expect(data).toEqual((await samples(inMemory)).data);
    enlarged(2);
    expect((await samples(run.model)).data).toEqual(data);
    expect((await samples((await openRun(dir)).model)).data).not.toEqual(data);
  });

  it('is refused if one bit changed', async () => {
    enlarged(3);
    const bytes = readFileSync(join(dir, 'model.safetensors'));
    bytes[bytes.length - 2]! ^= 1;
    writeFileSync(join(dir, 'model.safetensors'), bytes);
    await expect(openRun(dir)).rejects.toThrow(/The file is damaged/);
  });
});
