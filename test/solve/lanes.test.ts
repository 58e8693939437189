import { describe, expect, it } from 'vitest';
import { makeEngine } from '../../src/engine/index.ts';
import { deal, sharesOf } from '../../src/solve/lanes.ts';
import { fromHost, matmul, mul } from '../../src/tensor/index.ts';

describe('the shares of lanes', () => {
  const plane = { size: 2, places: 1, weights: 33_000, evaluations: 500, lanes: 2 };
  const images = { size: 784, places: 784, weights: 1_260_000, evaluations: 50, lanes: 2 };

  it.each([
    ['a few points of the plane stay together on all threads', { ...plane, count: 16 }, 16, [undefined]],
    [
      'so do more of them where the network is asked seldom',
      { ...plane, count: 256, evaluations: 50 },
      256,
      [undefined],
    ],
    ['256 at 500 steps are halved', { ...plane, count: 256 }, 128, [0, 1]],
    ['343 are halved, and few places stay empty', { ...plane, count: 343 }, 192, [0, 1]],
    ['so are 1024', { ...plane, count: 1024 }, 512, [0, 1]],
    ['many go in micro-batches of 512', { ...plane, count: 4096 }, 512, [0, 1]],
    ['so do very many by a method of few steps', { ...plane, count: 65_536, evaluations: 10 }, 512, [0, 1]],
    ['64 images are halved', { ...images, count: 64 }, 32, [0, 1]],
    [
      'more lanes hold fewer images each: the memory is theirs together',
      { ...images, count: 1000, lanes: 16 },
      4,
      Array.from({ length: 16 }, (_, lane) => lane),
    ],
    ['one image has all threads', { ...images, count: 1 }, 1, [undefined]],
    [
      'a large network is not copied',
      { ...images, count: 64, size: 3072, weights: 62_000_000 },
      16,
      [undefined],
    ],
    ['an engine without lanes takes turns', { ...plane, count: 1000, lanes: 1 }, 512, [undefined]],
    [
      'a device takes many rows at once',
      { ...plane, count: 5000, lanes: 1, mostRows: 16384 },
      5120,
      [undefined],
    ],
    ['a device takes as many images', { ...images, count: 1000, lanes: 1, mostRows: 16384 }, 64, [undefined]],
    ['rows asked for are kept', { ...plane, count: 100, batch: 7, evaluations: 1000 }, 7, [0, 1]],
  ])('%s', (_what, sharing, rows, lanes) => {
    expect(sharesOf(sharing)).toEqual({ rows, lanes });
  });

  it('leave at most a fifth of their places empty, and have four sizes between powers of two', () => {
    const sizes = new Set<number>();
    for (let count = 65; count <= 512; count++) {
      const { rows } = sharesOf({ ...plane, count, lanes: 1 });
      sizes.add(rows);
      expect(rows).toBeGreaterThanOrEqual(count);
      expect(rows - count).toBeLessThan(rows / 5);
    }
    expect(sizes.size).toBe(12);
  });
});

describe('dealing', () => {
  const pause = () => new Promise(resolve => setImmediate(resolve));

  it('does every job once, with as many at a time as there are lanes', async () => {
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

  it('stops the other lanes at an error, waits for them, and throws it', async () => {
    const ended: number[] = [];
    const work = deal(9, [0, 1], undefined, async (job, _lane, signal) => {
      if (job === 1) throw new Error('job 1');
      while (!signal.aborted) await pause();
      ended.push(job);
    });
    await expect(work).rejects.toThrow('job 1');
    expect(ended).toEqual([0]);
  });

  it('throws the reason of the abort', async () => {
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

  it('are as many as its threads, give the same as a call without a lane, and all work at once', async () => {
    expect(engine.lanes).toBe(3);
    const lanes = [undefined, 0, 1, 2];
    const results = await Promise.all(lanes.map(lane => program.run([x], Float64Array.of(1, 10), lane)));
    for (const [value] of results) expect(await engine.read(value!)).toEqual(Float32Array.of(1, 2, 30, 40));
    const steps = [1, 2, 3].map(t => Float64Array.of(t, 1));
    const iterated = await Promise.all(lanes.map(lane => program.iterate([x], steps, lane)));
    for (const [value] of iterated)
      expect(await engine.read(value!)).toEqual(Float32Array.of(222, 324, 81, 118));
  });

  it('report the error of a graph where it was requested, and continue', async () => {
    const wrong = engine.compile<number>((_w, [a], t) => [mul(a!, t)]);
    const short = { data: Float32Array.of(1), shape: [2, 2] };
    await expect(wrong.run([short], 1, 0)).rejects.toThrow();
    expect(await engine.read((await wrong.run([x], 2, 0))[0]!)).toEqual(Float32Array.of(2, 0, 0, 2));
  });

  it('release their sessions', async () => {
    const alive = engine.live();
    await program.dispose();
    expect(engine.live()).toBe(alive - 1);
  });
});
