import { beforeAll, describe, expect, it } from 'vitest';
import { linear } from '../../schedules/index.ts';
import { vp } from '../../sdes/vp.ts';
import { type Engine, makeEngine } from '../../src/engine/index.ts';
import { denoising } from '../../src/objectives/denoising.ts';
import { fillNormal, key } from '../../src/random/index.ts';
import { makeNet } from '../../src/registry/nets.ts';
import { networkModel } from '../../src/score/model.ts';
import { mlp } from '../../src/score/nets/mlp.ts';
import { flatten, layoutOf } from '../../src/train/flat.ts';
import {
  type Batches,
  initialState,
  stepsPerCall,
  type TrainProgress,
  type TrainState,
  trainer,
} from '../../src/train/trainer.ts';

const net = mlp([2], { width: 16, depth: 1 });
const params = net.init(1);
const layout = layoutOf(params);
const objective = denoising(vp(linear()), networkModel(net, params, vp(linear()), [2]));
const batches = (out: Float32Array, step: number) =>
  fillNormal(out, key(5, 'data'), { step, first: 0, size: 2 });
const options = {
  ...{
    steps: 60,
    batch: 32,
    seed: 2,
    learningRate: 5e-3,
    warmup: 5,
    decay: 'cosine' as const,
    clip: 1,
    ema: 0.9,
  },
  ...{ beta1: 0.9, beta2: 0.999, epsilon: 1e-8, reportEvery: 10 },
};
const start = () => initialState(flatten(params, layout).data);

const engines: Record<string, Engine> = {};
beforeAll(async () => {
  for (const name of ['wasm', 'onnx', 'cpu'] as const) engines[name] = await makeEngine(name);
});

async function run(
  engine: Engine,
  from: TrainState,
  stopAfter = Infinity,
  data: Batches = batches,
): Promise<{ state: TrainState; losses: number[] }> {
  const losses: number[] = [];
  const steps = trainer(engine, objective, layout, [2], data, from, options);
  for (;;) {
    const turn = await steps.next();
    if (turn.done) return { state: turn.value, losses };
    losses.push(turn.value.loss);
    if (turn.value.step >= stopAfter) {
      const state = await turn.value.state();
      await steps.return(state);
      return { state, losses };
    }
  }
}

describe('training', () => {
  it.each(['wasm', 'onnx'])(
    'ends with the bits of a run that never stopped when it is stopped and continued (%s)',
    async name => {
      const whole = await run(engines[name]!, start());
      const { state } = await run(engines[name]!, start(), 30);
      const rest = await run(engines[name]!, state);
      expect(state.step).toBe(30);
      for (const part of ['theta', 'm', 'v', 'ema'] as const)
        expect(rest.state[part]).toEqual(whole.state[part]);
    },
  );

  it('takes the same steps on every engine', async () => {
    const [reference, ...others] = await Promise.all(
      ['cpu', 'wasm', 'onnx'].map(name => run(engines[name]!, start(), 10)),
    );
    for (const other of others) expect(other.state.theta).toBeAllClose(reference!.state.theta, 1e-4);
  });

  it('learns data that are one point, whose score is linear: the loss falls by more than half', async () => {
    const point = (out: Float32Array) => void out.fill(1);
    const { losses } = await run(engines.onnx!, start(), Infinity, point);
    expect(losses.at(-1)!).toBeLessThan(0.5 * losses[0]!);
  });

  it('holds no more data, noise and masks at a time than one call may have', () => {
    const drops = { share: 0.2, shapes: [[16, 16]] };
    expect(stepsPerCall([2], { batch: 512 }, 50)).toBe(50);
    expect(stepsPerCall([3, 32, 32], { batch: 128 }, 50)).toBe(21);
    expect(stepsPerCall([2], { batch: 2 ** 14, drops }, 50)).toBe(3);
    expect(stepsPerCall([3, 256, 256], { batch: 64 }, 50)).toBe(1);
  });

  it('continues as if it had not been paused or stopped between two reports', async () => {
    const unet = makeNet({ name: 'unet', width: 8, multipliers: [1], blocks: 1, attention: [] }, [1, 4, 4]);
    const drawn = unet.init(1);
    const form = layoutOf(drawn);
    const law = denoising(vp(linear()), networkModel(unet, drawn, vp(linear()), [1, 4, 4]));
    const images: Batches = (out, step) => fillNormal(out, key(5, 'data'), { step, first: 0, size: 16 });
    const training = (from: TrainState, more: { pause?: () => boolean; signal?: AbortSignal } = {}) => {
      const { signal, ...given } = more;
      const settings = { ...options, batch: 4, steps: 20, ...given };
      return trainer(engines.onnx!, law, form, [1, 4, 4], images, from, settings, signal);
    };
    const losses = async (steps: ReturnType<typeof training>) => {
      const reports: number[] = [];
      for (let turn = await steps.next(); ; turn = await steps.next()) {
        if (turn.done) return { reports, state: turn.value };
        if (turn.value.occasion === 'report') reports.push(turn.value.loss);
      }
    };
    const fresh = initialState(flatten(drawn, form).data);
    const whole = await losses(training(fresh));
    const paused = training(fresh, { pause: () => true });
    const { occasion, step, state } = (await paused.next()).value as TrainProgress;
    expect([occasion, step]).toEqual(['pause', 5]);
    const stop = new AbortController();
    const rest = training(await state(), { pause: () => true, signal: stop.signal });
    await paused.return(fresh);
    expect((await rest.next()).value).toMatchObject({ occasion: 'report', step: 10, loss: whole.reports[0] });
    expect((await rest.next()).value).toMatchObject({ occasion: 'pause', step: 15 });
    stop.abort();
    const last = (await rest.next()).value as TrainProgress;
    expect(last).toMatchObject({ occasion: 'abort', step: 15 });
    const end = await losses(training(await last.state()));
    expect(end.reports).toEqual(whole.reports.slice(1));
    expect(end.state).toEqual(whole.state);
    await expect(rest.next()).rejects.toThrow(/abort/);
  });

  it('frees everything if it is left early', async () => {
    const before = engines.wasm!.live();
    await run(engines.wasm!, start(), 20);
    expect(engines.wasm!.live()).toBe(before);
  });

  it('says so if the loss is no longer a number', async () => {
    const broken = (out: Float32Array) => void out.fill(Number.NaN);
    const steps = trainer(engines.onnx!, objective, layout, [2], broken, start(), options);
    await expect(steps.next()).rejects.toThrow(/diverged/);
  });
});
