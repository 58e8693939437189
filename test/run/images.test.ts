import { mkdtempSync, readFileSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { encode } from 'fast-png';
import { describe, expect, it } from 'vitest';
import { makeEngine } from '../../src/engine/index.ts';
import { type TrainOptions, train } from '../../src/run/train.ts';

const engine = await makeEngine('onnx');

/** Pictures of a bright left half, 6 × 4, of two greys. */
function pictures(count: number): string {
  const folder = mkdtempSync(join(tmpdir(), 'langevin-pictures-'));
  for (let n = 0; n < count; n++) {
    const data = Uint8Array.from({ length: 24 }, (_, i) => (i % 6 < 3 ? 200 + n : 20 + n));
    writeFileSync(join(folder, `${n}.png`), encode({ width: 6, height: 4, channels: 1, depth: 8, data }));
  }
  return folder;
}

const quick = (options: Partial<TrainOptions>) =>
  train({
    data: pictures(12),
    net: { name: 'mlp', width: 8, depth: 1 },
    steps: 100,
    batch: 8,
    checkpointEvery: 50,
    engine,
    ...options,
  });
const weightsOf = (dir: string) => readFileSync(join(dir, 'state.safetensors'));
const outOf = () => join(mkdtempSync(join(tmpdir(), 'langevin-run-')), 'run');

describe('images', () => {
  it('are scaled, cut and turned as asked, which the run records, and nothing where not asked', async () => {
    const run = await quick({ size: 4, flips: true, steps: 50 });
    expect(run.config.data).toMatchObject({ size: 4, flips: true, shape: [4, 4] });
    const plain = await quick({ steps: 50 });
    expect(plain.config.data.shape).toEqual([4, 6]);
    expect(Object.keys(plain.config.data)).toEqual(['source', 'shape', 'testFraction']);
    const flipped = await quick({ steps: 50, flips: true, data: plain.config.data.source });
    expect(flipped.losses[0]!.loss).not.toBe(plain.losses[0]!.loss);
  });

  it('are the same run from memory and from a file, and resumed without being told', async () => {
    const [data, memory, file] = [pictures(12), outOf(), outOf()];
    await quick({ data, size: 4, flips: true, out: memory });
    const stop = new AbortController();
    const onProgress = () => stop.abort();
    const broken = quick({
      data,
      size: 4,
      flips: true,
      out: file,
      stream: true,
      onProgress,
      signal: stop.signal,
    });
    await expect(broken).rejects.toThrow(/abort/i);
    await train({ data, out: file, resume: true, stream: true, engine });
    expect(weightsOf(file).equals(weightsOf(memory))).toBe(true);
    expect(readFileSync(join(file, 'config.json'), 'utf8')).toBe(
      readFileSync(join(memory, 'config.json'), 'utf8'),
    );
  });

  it('flips are refused of rows that are no images', async () => {
    await expect(quick({ data: 'moons', flips: true })).rejects.toThrow(/toy density takes no flips/);
  });
});
