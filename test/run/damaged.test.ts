import { existsSync, mkdtempSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { makeEngine } from '../../src/engine/index.ts';
import { readSafetensors, type StoredTensor, writeSafetensors } from '../../src/files/index.ts';
import type { RunConfig } from '../../src/run/folder/config.ts';
import { openRun } from '../../src/run/run.ts';
import { train } from '../../src/run/train/train.ts';

const engine = await makeEngine('onnx');
const dir = join(mkdtempSync(join(tmpdir(), 'langevin-stranger-')), 'run');
const stop = new AbortController();
await train({
  data: 'moons',
  net: { name: 'mlp', width: 8, depth: 1 },
  steps: 100,
  batch: 8,
  checkpointEvery: 50,
  out: dir,
  engine,
  signal: stop.signal,
  onProgress: () => stop.abort(),
}).catch(() => undefined);
const whole = new Map(readdirSync(dir).map(name => [name, readFileSync(join(dir, name))]));

type Json = { [part: string]: Json } & Record<string, unknown>;

/** The run with only one file changed. */
function alter(name: string, bytes: Uint8Array | string): void {
  for (const [file, content] of whole) writeFileSync(join(dir, file), content);
  writeFileSync(join(dir, name), bytes);
}
const configured = (change: (config: RunConfig & Json) => void) => {
  const config = JSON.parse(whole.get('config.json')!.toString()) as RunConfig & Json;
  change(config);
  alter('config.json', JSON.stringify(config));
};
const stored = (name: string, change: (tensors: Map<string, StoredTensor>) => void) => {
  const tensors = new Map(readSafetensors(whole.get(name)!, name).tensors);
  change(tensors);
  alter(name, writeSafetensors({ tensors }));
};
const vector = (length: number): StoredTensor => ({
  dtype: 'F32',
  shape: [length],
  data: new Float32Array(length),
});
const resume = () => train({ data: 'moons', out: dir, resume: true, engine });

it('is a run that stopped halfway, and only the changes below are wrong with it', async () => {
  expect(existsSync(join(dir, 'config.json'))).toBe(true);
  configured(() => {});
  expect((await openRun(dir)).config).toMatchObject({ training: { steps: 100 } });
});

describe('a run from an unknown source is refused with a clear error, before it takes memory', () => {
  it.each([
    [
      'a layer of 10⁹ units',
      (c: Json) => ({ ...c, net: { ...c.net, width: 1e9 } }),
      /network larger than its weights/,
    ],
    ['10⁶ blocks', (c: Json) => ({ ...c, net: { ...c.net, depth: 1e6 } }), /network larger than its weights/],
    [
      'samples of 10⁹ values',
      (c: Json) => ({ ...c, data: { ...c.data, shape: [1e9] } }),
      /samples of too many values/,
    ],
    [
      'units of another width',
      (c: Json) => ({ ...c, transform: { ...c.transform, shift: [1] } }),
      /shift of the data does not fit/,
    ],
    [
      'steps of another width',
      (c: Json) => ({ ...c, transform: { ...c.transform, bins: [null] } }),
      /bins of the data does not fit/,
    ],
    [
      'steps of nothing',
      (c: Json) => ({
        ...c,
        transform: { ...c.transform, bins: [null, { step: 0, decimals: 0, offset: 0 }] },
      }),
      /transform\.bins/,
    ],
    [
      'batches of 10¹² rows',
      (c: Json) => ({ ...c, training: { ...c.training, batch: 1e12 } }),
      /training\.batch/,
    ],
  ])('%s', async (_what, change, message) => {
    configured(config => Object.assign(config, change(config)));
    await expect(openRun(dir)).rejects.toThrow(message);
    await expect(resume()).rejects.toThrow(message);
  });

  it('weights that are not finite', async () => {
    stored('model.safetensors', tensors =>
      (tensors.values().next().value!.data as Float32Array).fill(Number.NaN),
    );
    await expect(openRun(dir)).rejects.toThrow(/holds numbers that are not finite/);
  });

  it.each(['theta', 'm', 'v', 'ema'])('a state whose %s does not fit the weights', async name => {
    for (const length of [0, 3, 3000]) {
      stored('state.safetensors', tensors => tensors.set(name, vector(length)));
      await expect(resume()).rejects.toThrow(`"${name}" of the state of training does not fit the weights`);
    }
  });

  it('a state past the last step', async () => {
    alter('state.json', JSON.stringify({ step: 101, losses: [] }));
    await expect(resume()).rejects.toThrow(/lies beyond its end; got "step 101"/);
  });

  it('every file cut short', async () => {
    for (const [name, bytes] of whole) {
      for (const share of [0, 0.1, 0.5, 0.9]) {
        alter(name, bytes.subarray(0, Math.floor(share * bytes.length)));
        await expect(resume(), `${name} at ${share}`).rejects.toThrow(name);
      }
    }
  });
});
