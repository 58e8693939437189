import { existsSync, mkdtempSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { decode, encode } from 'fast-png';
import { describe, expect, it } from 'vitest';
import { makeEngine } from '../../src/engine/index.ts';
import type { TrainOptions } from '../../src/run/train/options.ts';
import { train } from '../../src/run/train/train.ts';
import { sample } from '../../src/run/use/sample.ts';
import { samplePath } from '../../src/run/use/trajectory.ts';
import { scalesOfConfig } from '../support/affine.ts';

const engine = await makeEngine('onnx');

/** Pictures of 6 × 4 with a bright left half, in two greys. */
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
  it('are scaled, cropped and mirrored as requested, which the run records, and unchanged by default', async () => {
    const run = await quick({ size: 4, flips: true, steps: 50 });
    expect(run.config.data).toMatchObject({ size: 4, flips: true, shape: [4, 4] });
    const plain = await quick({ steps: 50 });
    expect(plain.config.data.shape).toEqual([4, 6]);
    expect(Object.keys(plain.config.data)).toEqual(['source', 'shape', 'testFraction']);
    const flipped = await quick({ steps: 50, flips: true, data: plain.config.data.source });
    expect(flipped.losses[0]!.loss).not.toBe(plain.losses[0]!.loss);
  });

  it('give the same run from memory and from a file, and can be resumed with no options', async () => {
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

  it('flips are refused for rows that are not images', async () => {
    await expect(quick({ data: 'moons', flips: true })).rejects.toThrow(/toy density takes no flips/);
  });
});

describe('grids of samples during training', () => {
  it('change no byte of the run, show the weights of their step, and start again with a new run', async () => {
    const [data, plain, watched] = [pictures(12), outOf(), outOf()];
    const stepsOf = () => readdirSync(join(watched, 'samples')).sort();
    await quick({ data, out: plain, steps: 200 });
    const run = await quick({ data, out: watched, steps: 200, sampleEvery: 100, sampleCount: 4 });
    expect(weightsOf(watched).equals(weightsOf(plain))).toBe(true);
    expect(stepsOf()).toEqual(['step-100.png', 'step-200.png']);
    const { data: drawn } = await sample(run, { count: 4, engine });
    const shown = decode(readFileSync(join(watched, 'samples/step-200.png')));
    const level = Math.floor(255 * Math.min(1, Math.max(0, drawn[0]! / 256)) + 0.5);
    expect(shown.data[2 * shown.width + 2], 'the first pixel of the first image').toBe(level);
    writeFileSync(join(watched, 'samples/mine.png'), '');
    await quick({ data, out: watched, steps: 50, sampleEvery: 50, overwrite: true });
    expect(stepsOf(), 'the pictures of the run replaced are gone, and nothing else').toEqual([
      'mine.png',
      'step-50.png',
    ]);
  });

  it('are refused before the first step if they are impossible', async () => {
    const out = outOf();
    await expect(quick({ data: 'moons', out, sampleEvery: 50 })).rejects.toThrow(/Only images are drawn/);
    await expect(quick({ sampleEvery: 50 })).rejects.toThrow(/Previews need a folder/);
    await expect(quick({ out, sampleEvery: 0 })).rejects.toThrow(/Impossible previews/);
    expect(existsSync(out)).toBe(false);
  });
});

describe('trajectories of samples', () => {
  it('end with the same samples as `sample`, begin at the prior, and have the requested number of states', async () => {
    const run = await quick({ data: 'moons', steps: 50 });
    const options = { count: 5, steps: 12, seed: 4, engine };
    for (const frames of [2, 4, 13, 40]) {
      const path = await samplePath(run, { ...options, frames, shown: 3 });
      expect(path.samples).toEqual(await sample(run, options));
      expect(path.frames.length).toBe(Math.min(frames, 13));
      expect(path.frames.at(-1)!.x).toEqual({ data: path.samples.data.slice(0, 6), shape: [3, 2] });
      expect(path.frames.map(({ t }) => t)).toEqual(path.frames.map(({ t }) => t).toSorted((a, b) => b - a));
      expect(path.frames[0]!.t).toBe(run.sde.tMax);
    }
  });

  it('are the same for any micro-batch', async () => {
    const run = await quick({ data: 'moons', steps: 50 });
    const options = { count: 7, shown: 6, frames: 3, steps: 6, engine };
    const [whole, parts] = [await samplePath(run, options), await samplePath(run, { ...options, batch: 4 })];
    expect(parts.frames.map(({ t, x }) => [t, x.shape])).toEqual(
      whole.frames.map(({ t, x }) => [t, x.shape]),
    );
    parts.frames.forEach(({ x }, k) => {
      for (let i = 0; i < 12; i++) expect(x.data[i]).toBeCloseTo(whole.frames[k]!.x.data[i]!, 4);
    });
  });

  it('have the variance of the data all the way, under any SDE', async () => {
    const run = await quick({
      data: 'moons',
      sde: 've',
      steps: 600,
      batch: 128,
      net: { name: 'mlp', width: 32, depth: 2 },
    });
    const { frames } = await samplePath(run, { count: 512, shown: 512, frames: 6, engine });
    for (const { t, x } of frames) {
      const values = x.data.filter((_, i) => i % 2 === 0);
      const mean = values.reduce((sum, value) => sum + value, 0) / values.length;
      const std = Math.sqrt(values.reduce((sum, value) => sum + (value - mean) ** 2, 0) / values.length);
      expect(Math.abs(Math.log(std / scalesOfConfig(run.config).scale[0]!)), `t = ${t}`).toBeLessThan(0.3);
    }
  });

  it('need times that all samples share', async () => {
    const run = await quick({ data: 'moons', steps: 50 });
    const path = samplePath(run, { count: 2, solver: 'rk45', engine });
    await expect(path).rejects.toThrow(/"rk45" has times for each sample/);
    await expect(samplePath(run, { count: 2, frames: 1 })).rejects.toThrow(/number of frames/);
  });
});
