import { describe, expect, it } from 'vitest';
import { makeEngine } from '../../src/engine/index.ts';
import { deal, sharesOf } from '../../src/solve/lanes.ts';
import { fromHost, matmul, mul } from '../../src/tensor/index.ts';

describe('the shares of lanes', () => {
  const shares = (count: number, size: number, weights: number, lanes: number, batch?: number) => {
    const share = sharesOf({ count, size, weights, lanes, batch });
    return [share.rows, share.lanes.length === 1 ? share.lanes[0] : share.lanes.length];
  };

  it.each([
    ['a few points of the plane stay together on all threads', [16, 2, 33_000, 2], [16, undefined]],
    ['256 of them still do', [256, 2, 33_000, 2], [256, undefined]],
    ['1024 are halved', [1024, 2, 33_000, 2], [512, 2]],
    ['many go in micro-batches of 512', [4096, 2, 33_000, 2], [512, 2]],
    ['64 images are halved', [64, 784, 1_260_000, 2], [32, 2]],
    ['more lanes hold fewer images each: the memory is theirs together', [1000, 784, 1_260_000, 16], [4, 16]],
    ['one image has all threads', [1, 784, 1_260_000, 2], [1, undefined]],
    ['a large network is not copied', [64, 3072, 62_000_000, 2], [16, undefined]],
    ['an engine without lanes takes turns', [1000, 2, 33_000, 1], [512, undefined]],
    ['rows asked for are kept', [100, 2, 33_000, 2, 7], [7, 2]],
  ] as const)('%s', (_what, [count, size, weights, lanes, batch], [rows, used]) => {
    expect(shares(count, size, weights, lanes, batch)).toEqual([rows, used]);
  });
});

describe('dealing', () => {
  const pause = () => new Promise(resolve => setImmediate(resolve));

  it('does every job once, as many at a time as there are lanes', async () => {
    const [done, busy] = [[] as number[], { now: 0, most: 0 }];
    await deal(7, [0, 1, 2], undefined, async job => {
      busy.most = Math.max(busy.most, ++busy.now);
      await pause();
      busy.now--;
      done.push(job);
    });
    expect(done.toSorted()).toEqual([0, 1, 2, 3, 4, 5, 6]);
    expect(busy).toEqual({ now: 0, most: 3 });
  });

  it('stops the other lanes at a fault, waits for them, and throws it', async () => {
    const ended: number[] = [];
    const work = deal(9, [0, 1], undefined, async (job, _lane, signal) => {
      if (job === 1) throw new Error('job 1');
      while (!signal.aborted) await pause();
      ended.push(job);
    });
    await expect(work).rejects.toThrow('job 1');
    expect(ended).toEqual([0]);
  });

  it('throws the reason it was stopped for', async () => {
    const stop = new AbortController();
    const work = deal(9, [0, 1], stop.signal, async job => {
      if (job === 2) stop.abort(new Error('enough'));
      await pause();
    });
    await expect(work).rejects.toThrow('enough');
  });
});

describe('lanes of the compiled engine', async () => {
  const engine = await makeEngine('onnx', { threads: 3 });
  const weight = { data: Float32Array.of(1, 2, 3, 4), shape: [2, 2] };
  const program = engine.compile<Float64Array>(
    ([w], [x], t) => [mul(matmul(x!, w!), fromHost(t, [t.length, 1]))],
    [weight],
  );
  const x = engine.put({ data: Float32Array.of(1, 0, 0, 1), shape: [2, 2] });

  it('are as many as its threads, give what a call without gives, and are all at work at once', async () => {
    expect(engine.lanes).toBe(3);
    const lanes = [undefined, 0, 1, 2];
    const results = await Promise.all(lanes.map(lane => program.run([x], Float64Array.of(1, 10), lane)));
    for (const [value] of results) expect(await engine.read(value!)).toEqual(Float32Array.of(1, 2, 30, 40));
    const steps = [1, 2, 3].map(t => Float64Array.of(t, 1));
    const iterated = await Promise.all(lanes.map(lane => program.iterate([x], steps, lane)));
    for (const [value] of iterated)
      expect(await engine.read(value!)).toEqual(Float32Array.of(222, 324, 81, 118));
  });

  it('tell the fault of a graph where it was asked for, and go on', async () => {
    const wrong = engine.compile<number>((_w, [a], t) => [mul(a!, t)]);
    const short = { data: Float32Array.of(1), shape: [2, 2] };
    await expect(wrong.run([short], 1, 0)).rejects.toThrow();
    expect(await engine.read((await wrong.run([x], 2, 0))[0]!)).toEqual(Float32Array.of(2, 0, 0, 2));
  });

  it('take back their sessions', async () => {
    const alive = engine.live();
    await program.dispose();
    expect(engine.live()).toBe(alive - 1);
  });
});
