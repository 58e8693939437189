import { mkdtempSync, readFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { makeEngine } from '../../src/engine/index.ts';
import { openRun } from '../../src/run/run.ts';
import type { TrainOptions } from '../../src/run/train/options.ts';
import { train } from '../../src/run/train/train.ts';

const engine = await makeEngine('onnx');
const settings = {
  ...{ data: 'moons', net: { name: 'mlp', width: 32, depth: 1 } as const, steps: 600, batch: 128 },
  ...{ checkpointEvery: 200, qualityEvery: 200, qualityCount: 500, engine },
};
const learned = (options: Partial<TrainOptions> = {}) => train({ ...settings, ...options });
const folder = () => join(mkdtempSync(join(tmpdir(), 'langevin-quality-')), 'run');
const stateOf = (out: string) => JSON.parse(readFileSync(join(out, 'state.json'), 'utf8'));

describe('the curve of quality', () => {
  it('falls towards the floor as the model learns, and is stored with the run', async () => {
    const out = folder();
    const { quality } = await learned({ out });
    expect(quality!.points.map(({ step }) => step)).toEqual([200, 400, 600]);
    const [first, , last] = quality!.points.map(({ distance }) => distance);
    expect(last).toBeLessThan(first!);
    expect(last).toBeLessThan(0.3);
    expect(quality!.floor).toBeLessThan(0.15);
    expect((await openRun(out)).quality).toEqual(quality);
  });

  it('is the same in a run that was stopped and continued, and does not change training', async () => {
    const [whole, parted] = [folder(), folder()];
    await learned({ out: whole });
    const stop = new AbortController();
    const onProgress: TrainOptions['onProgress'] = ({ step }) => step > 450 && stop.abort();
    await expect(learned({ out: parted, signal: stop.signal, onProgress })).rejects.toThrow();
    expect(stateOf(parted).quality.points).toHaveLength(2);
    await learned({ out: parted, resume: true });
    expect(stateOf(parted)).toEqual(stateOf(whole));
    const plain = folder();
    const { qualityEvery, qualityCount, ...without } = settings;
    await train({ ...without, out: plain });
    const weights = (out: string) => readFileSync(join(out, 'state.safetensors'));
    expect(weights(plain).equals(weights(whole))).toBe(true);
    expect(stateOf(plain).quality).toBeUndefined();
  });

  it('refuses impossible numbers', async () => {
    await expect(learned({ qualityEvery: 0 })).rejects.toThrow(/whole numbers from 1/);
  });
});
