import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { openRun, sample, type TrainOptions, train } from '../../src/index.ts';
import { checkpointSchedule } from '../../src/run/train/schedule.ts';
import { values } from '../support/draw.ts';

const at = mkdtempSync(join(tmpdir(), 'langevin-continue-'));
const net = { name: 'mlp', width: 8, depth: 1 } as const;
const tiny = { data: 'moons', net, batch: 16, seed: 3 } as const;
const run = (out: string, options: Partial<TrainOptions> = {}) =>
  train({ ...tiny, steps: 150, out: join(at, out), ...options } as TrainOptions);
const bytesOf = (out: string) =>
  Object.fromEntries(readdirSync(join(at, out)).map(name => [name, readFileSync(join(at, out, name))]));
const config = (out: string) => JSON.parse(readFileSync(join(at, out, 'config.json'), 'utf8'));

/** Stops a training at its first report. */
async function interrupted(out: string, options: Partial<TrainOptions> = {}) {
  const stop = new AbortController();
  const onProgress = () => stop.abort();
  await expect(run(out, { signal: stop.signal, onProgress, ...options })).rejects.toThrow(/abort/i);
}

describe('the result of a training', () => {
  it('is kept when training stops, long before its first checkpoint, and continuing gives the same bytes', async () => {
    await interrupted('stopped');
    expect(JSON.parse(String(bytesOf('stopped')['state.json'])).step).toBe(50);
    await run('stopped', { resume: true, steps: 150 });
    await run('whole');
    expect(bytesOf('stopped')).toEqual(bytesOf('whole'));
  });

  it.each([
    ['rows', '0.5'],
    ['rows and questions', ''],
  ])('of a table is the same, with its validation on %s', async (name, cell) => {
    const u = values(7, 240, 0, 1);
    const lines = Array.from({ length: 120 }, (_, i) => `${u[2 * i]! ** 2},${i === 3 ? cell : u[2 * i + 1]}`);
    const data = join(at, `${name}.csv`);
    writeFileSync(data, `a,b\n${lines.join('\n')}\n`);
    const table = { data, steps: 150, batch: 32, onNote: () => {} };
    await interrupted(`stopped ${name}`, table);
    const resumed = await run(`stopped ${name}`, { ...table, resume: true });
    expect(resumed.validation!.points.map(({ step }) => step)).toEqual([0, 50, 100, 150]);
    expect(resumed.validation!.points.every(({ score }) => (score !== undefined) === (cell === ''))).toBe(
      true,
    );
    await run(`whole ${name}`, table);
    expect(bytesOf(`stopped ${name}`)).toEqual(bytesOf(`whole ${name}`));
  });

  it('is written every so many steps, after a minute, at an interrupt and at the end; once each', () => {
    const clock = { ms: 0 };
    const schedule = checkpointSchedule({ begin: 0, every: 1000, steps: 5000 }, () => clock.ms);
    const due = (step: number, occasion: 'report' | 'pause' | 'abort' = 'report') => {
      const is = schedule.due({ step, occasion });
      if (is) schedule.written(step);
      return is;
    };
    expect(due(0, 'abort'), 'nothing was made').toBe(false);
    expect([due(50), due(950), due(1000), due(1050)]).toEqual([false, false, true, false]);
    clock.ms = 59_999;
    expect([schedule.late(), due(1100)]).toEqual([false, false]);
    clock.ms = 60_000;
    expect(schedule.late()).toBe(true);
    expect([due(1103, 'pause'), due(1150), schedule.late()]).toEqual([true, false, false]);
    expect([due(1160, 'abort'), due(1160, 'abort'), due(5000)]).toEqual([true, false, true]);
  });

  it('is not replaced by default, nor mixed with the files of another training', async () => {
    await run('kept', { steps: 50 });
    const before = bytesOf('kept');
    await expect(run('kept')).rejects.toThrow(/kept: A run is there already.*resume: true.*overwrite: true/);
    const stop = new AbortController();
    const long = { ended: Promise.resolve<unknown>(undefined) };
    await new Promise<void>(begun => {
      const options = { steps: 1e6, signal: stop.signal, onProgress: () => begun() };
      long.ended = run('shared', options).catch((error: Error) => error.name);
    });
    await expect(run('shared')).rejects.toThrow(/Another training writes into this folder/);
    await expect(run('shared', { overwrite: true })).rejects.toThrow(/Another training/);
    stop.abort();
    expect(await long.ended).toBe('AbortError');
    expect(bytesOf('kept')).toEqual(before);
    expect((await run('kept', { overwrite: true })).config.training.steps).toBe(150);
    expect(readdirSync(at).filter(name => name.startsWith('.'))).toEqual([]);
  });
});

describe('a finished run', () => {
  it('continues if more steps are requested, and stores how many it had', async () => {
    await run('more', { steps: 100 });
    const longer = await run('more', { resume: true, steps: 200 });
    expect(longer.losses.map(({ step }) => step)).toEqual([50, 100, 150, 200]);
    expect(config('more').training).toMatchObject({ steps: 200, extended: [100] });
    await interrupted('more', { resume: true, steps: 300 });
    await run('more', { resume: true, steps: 300 });
    expect(config('more').training).toMatchObject({ steps: 300, extended: [100, 200] });
    expect((await openRun(join(at, 'more'))).losses.at(-1)!.step).toBe(300);
  });

  it.each([
    ['fewer', 100, /can only be given more steps; got 50; expected a whole number above 100/, 50],
    ['before its end', 150, /keeps its number of steps until it is finished/, 200],
  ])('does not get %s', async (_what, steps, words, wanted) => {
    const out = `not-${wanted}`;
    if (wanted === 50) await run(out, { steps });
    else await interrupted(out, { steps });
    await expect(run(out, { resume: true, steps: wanted })).rejects.toThrow(words);
  });

  it('gives its weights, its SDE and its network to another run', async () => {
    const first = await run('first', { sde: 've', steps: 100 });
    const rate = { learningRate: 1e-30, warmup: 0, steps: 1 } as const;
    for (const from of [join(at, 'first'), first]) {
      const next = await train({ data: 'rings', batch: 16, seed: 8, from, ...rate });
      expect(next.config).toMatchObject({ sde: { name: 've' }, net: { width: 8, depth: 1 }, seed: 8 });
      for (const [name, { data }] of Object.entries(first.params))
        expect(next.params[name]!.data).toBeAllClose(data, 1e-6);
    }
    expect((await train({ ...tiny, from: first, sde: 'vp', steps: 1 })).config.sde.name).toBe('vp');
    const wider = train({ ...tiny, net: { ...net, width: 16 }, from: join(at, 'first'), steps: 1 });
    await expect(wider).rejects.toThrow(/do not fit the network.*is \[/);
    expect((await run('lent', { from: join(at, 'first') })).config.from).toBe(join(at, 'first'));
    await run('lent', { resume: true });
  });
});

describe('a run can be used', () => {
  it('from the bytes of its configuration and its weights, or without its training state', async () => {
    const trained = await run('bytes', { steps: 50 });
    const options = { count: 3, steps: 4, solver: 'heun' } as const;
    const expected = (await sample(trained, options)).data;
    const files = bytesOf('bytes');
    const weights = files['model.safetensors']!;
    for (const state of ['state.json', 'state.safetensors']) rmSync(join(at, 'bytes', state));
    const text = String(files['config.json']);
    for (const source of [
      join(at, 'bytes'),
      { config: files['config.json']!, weights },
      { config: text, weights: new Uint8Array(weights) },
      { config: JSON.parse(text) as object, weights },
    ]) {
      const opened = await openRun(source);
      expect((await sample(opened, options)).data).toEqual(expected);
      expect(opened.losses).toEqual([]);
    }
    const other = { ...JSON.parse(text), net: { ...JSON.parse(text).net, width: 4 } };
    await expect(openRun({ config: other, weights })).rejects.toThrow(/the run: .*do not fit/s);
    await expect(openRun({ config: '{', weights })).rejects.toThrow(/config/);
    const torn = weights.subarray(0, weights.length - 4);
    await expect(openRun({ config: text, weights: torn })).rejects.toThrow(/weights/);
  });
});
