import { describe, expect, it } from 'vitest';
import { linear } from '../../schedules/index.ts';
import { vp } from '../../sdes/vp.ts';
import { makeEngine } from '../../src/engine/index.ts';
import { denoising } from '../../src/objectives/denoising.ts';
import { fillNormal, key } from '../../src/random/index.ts';
import { makeNet, type NetSpec } from '../../src/registry/nets.ts';
import { networkModel } from '../../src/score/model.ts';
import type { PlainTensor, Tensor } from '../../src/tensor/index.ts';
import { type Drops, dropoutMasks } from '../../src/train/dropout.ts';
import { flatten, layoutOf } from '../../src/train/flat.ts';
import { initialState, type TrainState, trainer } from '../../src/train/trainer.ts';

const cpu = await makeEngine('cpu');
const drops: Drops = {
  share: 0.3,
  shapes: [
    [8, 4, 4],
    [16, 2, 2],
  ],
};

async function masksOf(step: number, batch: number, seed = 5): Promise<Float32Array[]> {
  const program = cpu.compile<number>(
    (_weights, _inputs, at) => dropoutMasks(drops, seed, at, { first: 0, rows: batch }),
    [],
  );
  const results = await program.run([], step);
  return Promise.all(results.map(cpu.read));
}

describe('the masks of dropout', () => {
  it('drop their share, keep the mean, and differ between layers and steps', async () => {
    const [first, second] = await masksOf(3, 400);
    const mean = first!.reduce((sum, m) => sum + m, 0) / first!.length;
    // The standard error of the mean is √(0.3/0.7/51200) = 0.003.
    expect(Math.abs(mean - 1)).toBeLessThan(0.015);
    expect(new Set(first)).toEqual(new Set([0, Math.fround(1 / 0.7)]));
    expect(second!.slice(0, 64)).not.toEqual(first!.slice(0, 64));
    expect((await masksOf(4, 400))[0]).not.toEqual(first);
    expect((await masksOf(3, 400, 6))[0]).not.toEqual(first);
  });

  it('of a row do not depend on other rows', async () => {
    const [many, few] = [await masksOf(7, 9), await masksOf(7, 2)];
    expect(few[0]).toEqual(many[0]!.slice(0, 2 * 128));
    expect(few[1]).toEqual(many[1]!.slice(0, 2 * 64));
  });
});

const SPEC: NetSpec = { name: 'unet', width: 8, multipliers: [1, 2], blocks: 1, dropout: 0.2 };
const shape = [1, 4, 4];
const sde = vp(linear());

describe('training with dropout', () => {
  const net = makeNet(SPEC, shape);
  const params = net.init(1);
  const layout = layoutOf(params);
  const objective = denoising(sde, networkModel(net, params, sde, shape));
  const options = {
    ...{
      steps: 4,
      batch: 4,
      seed: 2,
      learningRate: 5e-3,
      warmup: 0,
      decay: 'none' as const,
      clip: 1,
      ema: 0.9,
    },
    ...{ beta1: 0.9, beta2: 0.999, epsilon: 1e-2, reportEvery: 2 },
  };
  const data = (out: Float32Array, step: number) =>
    fillNormal(out, key(5, 'data'), { step, first: 0, size: 16 });

  async function trained(
    name: 'cpu' | 'wasm' | 'onnx',
    dropped: boolean,
    stopAfter = Infinity,
    from?: TrainState,
  ) {
    const engine = await makeEngine(name);
    const told = { ...options, drops: dropped ? net.drops : undefined };
    const start = from ?? initialState(flatten(params, layout).data);
    const steps = trainer(engine, objective, layout, shape, data, start, told);
    for (;;) {
      const turn = await steps.next();
      if (turn.done) return turn.value;
      if (turn.value.step < stopAfter) continue;
      const state = await turn.value.state();
      await steps.return(state);
      return state;
    }
  }

  it('has the same masks and gradients on every engine, and other gradients than without dropout', async () => {
    const reference = await trained('cpu', true);
    for (const name of ['wasm', 'onnx'] as const)
      expect((await trained(name, true)).theta).toBeAllClose(reference.theta, 1e-4);
    const without = await trained('onnx', false);
    const change = Math.max(...without.theta.map((w, i) => Math.abs(w - reference.theta[i]!)));
    expect(change).toBeGreaterThan(1e-3);
  });

  it('ends with the same bits when it is stopped and continued', async () => {
    const whole = await trained('onnx', true);
    const rest = await trained('onnx', true, Infinity, await trained('onnx', true, 2));
    expect(rest).toEqual(whole);
  });
});

it('masks of ones change nothing, masks of zeros remove the features, and use has no masks', async () => {
  const net = makeNet(SPEC, [1, 4, 8]);
  const plain = makeNet({ ...SPEC, dropout: 0 }, [1, 4, 8]);
  expect(plain.drops).toBeUndefined();
  expect(net.drops!.shapes.slice(0, 2)).toEqual([
    [8, 4, 8],
    [8, 2, 4],
  ]);
  const params = Object.fromEntries(
    Object.entries(net.init(1)).map(([name, { data, shape: sides }]) => [
      name,
      { shape: sides, data: data.map((w, i) => w + 0.1 * Math.sin(i)) },
    ]),
  );
  const names = Object.keys(params);
  const x = { shape: [2, 1, 4, 8], data: Float32Array.from({ length: 64 }, (_, i) => Math.cos(i)) };
  const run = async (masks: PlainTensor[], of = net) => {
    const program = cpu.compile<null>((ws, [y, level, ...told]) => {
      const named = Object.fromEntries(names.map((name, i) => [name, ws[i]!])) as Record<string, Tensor>;
      return [of.apply(named, y!, level!, undefined, told)];
    }, Object.values(params));
    const level = { shape: [1], data: Float32Array.of(0.2) };
    const [result] = await program.run([x, level, ...masks].map(cpu.put), null);
    return cpu.read(result!);
  };
  const filled = (value: number) =>
    net.drops!.shapes.map(sides => {
      const all = [2, ...sides];
      return { shape: all, data: new Float32Array(all.reduce((a, b) => a * b)).fill(value) };
    });
  const use = await run([]);
  expect(await run(filled(1))).toEqual(use);
  expect(await run([], plain)).toEqual(use);
  expect(await run(filled(0))).not.toEqual(use);
});
