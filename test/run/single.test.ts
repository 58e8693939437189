import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { exportSafetensors } from '../../src/export/safetensors.ts';
import { readSafetensors, writeSafetensors } from '../../src/files/index.ts';
import { openRun, type Run, type TrainedRun, train } from '../../src/index.ts';

const tiny = { data: 'moons', net: { name: 'mlp', width: 8, depth: 1 }, batch: 16 } as const;

/** The numbers of the weights by name. */
const plain = ({ params }: Run) =>
  Object.fromEntries(Object.entries(params).map(([name, { data, shape }]) => [name, [data, shape]]));

describe('a run as one file', () => {
  it('comes back with its configuration, its weights and its curves, from bytes and from a path', async () => {
    const run = await train({ ...tiny, steps: 100, qualityEvery: 50, qualityCount: 32 });
    const file = exportSafetensors(run);
    const path = join(mkdtempSync(join(tmpdir(), 'langevin-single-')), 'moons.safetensors');
    writeFileSync(path, file);
    for (const again of [await openRun({ file }), await openRun(path)]) {
      expect(again.config).toEqual(run.config);
      expect(plain(again)).toEqual(plain(run));
      expect(again.losses).toEqual(run.losses);
      expect(again.quality).toEqual(run.quality);
      expect(exportSafetensors(again)).toEqual(file);
    }
  });

  it('is refused if a number changed, and if it is weights alone', async () => {
    const file = exportSafetensors(await train({ ...tiny, steps: 1 }));
    const { tensors, metadata } = readSafetensors(file, 'file');
    const { config: _config, ...rest } = metadata;
    await expect(openRun({ file: writeSafetensors({ tensors, metadata: rest }) })).rejects.toThrow(
      /holds weights, but no run.*export RUN --to safetensors/s,
    );
    file[file.length - 2]! ^= 1;
    await expect(openRun({ file })).rejects.toThrow(/damaged/);
    await expect(openRun('nowhere.safetensors')).rejects.toThrow(/cannot be read/);
  });
});

describe('onRun', () => {
  it('shows the run at its steps and changes nothing of the training', async () => {
    const runs = new Map<number, TrainedRun>();
    const onRun = (run: TrainedRun, step: number) => void runs.set(step, run);
    const watched = await train({ ...tiny, steps: 120, runEvery: 50, onRun });
    expect([...runs.keys()]).toEqual([50, 100, 120]);
    expect(runs.get(120)!.params).toEqual(watched.params);
    expect(runs.get(50)!.params).not.toEqual(watched.params);
    expect((await train({ ...tiny, steps: 120 })).params).toEqual(watched.params);
  });

  it('asks for whole steps', async () => {
    await expect(train({ ...tiny, steps: 1, runEvery: 0.5 })).rejects.toThrow(/runEvery/);
  });
});
