import { describe, expect, it } from 'vitest';
import { linear } from '../../schedules/index.ts';
import { vp } from '../../sdes/vp.ts';
import { type Engine, makeEngine, type Value } from '../../src/engine/index.ts';
import { denoising } from '../../src/objectives/denoising.ts';
import { fillNormal, key } from '../../src/random/index.ts';
import { makeNet } from '../../src/registry/nets.ts';
import { networkModel } from '../../src/score/model.ts';
import type { Stepper } from '../../src/train/contract.ts';
import { flatten, layoutOf } from '../../src/train/flat.ts';
import type { StepArgs, Task } from '../../src/train/gradient.ts';
import { sideBySide } from '../../src/train/shares.ts';
import { inOne, stepperFor } from '../../src/train/stepper.ts';

const shape = [1, 4, 4];
const net = makeNet(
  { name: 'unet', width: 8, multipliers: [1], blocks: 1, attention: [], dropout: 0.2, classes: 3 },
  shape,
);
const params = net.init(1);
const layout = layoutOf(params);
const task: Task = {
  ...{ layout, shape, batch: 7, seed: 2, ...(net.drops && { drops: net.drops }) },
  objective: denoising(vp(linear()), networkModel(net, params, vp(linear()), shape)),
};
const rates = { learningRate: 5e-3, warmup: 2, decay: 'none' as const, steps: 10, clip: 0.1 };
const options = { ...rates, beta1: 0.9, beta2: 0.999, epsilon: 1e-2, ema: 0.9 };

/** The data of a step, with a class for each row. */
function argsOf(step: number): StepArgs {
  const x0 = new Float32Array(task.batch * 16);
  fillNormal(x0, key(5, 'data'), { step, first: 0, size: 16 });
  const labels = new Float32Array(task.batch * 4).map((_, i) =>
    Number(i % 4 === (Math.floor(i / 4) + step) % 4),
  );
  return { step, x0, labels: { data: labels, shape: [task.batch, 4] } };
}

function begun(engine: Engine): Value[] {
  const theta = flatten(params, layout).data;
  const zeros = () => new Float32Array(theta.length);
  return [theta, zeros(), zeros(), theta.slice(), new Float32Array(1)].map(data =>
    engine.put({ data, shape: [data.length] }),
  );
}

async function after(engine: Engine, stepper: Stepper, steps: number): Promise<Float32Array[]> {
  const end = await stepper.advance(
    begun(engine),
    Array.from({ length: steps }, (_, step) => argsOf(step)),
  );
  const values = await Promise.all(end.map(engine.read));
  engine.free(...end);
  await stepper.dispose();
  return values;
}

describe('a training step from shares of its batch', () => {
  it.each([1, 2, 3])(
    'is the step of the whole batch, with its noise, labels and masks (%i lanes)',
    async lanes => {
      const engine = await makeEngine('onnx', { threads: 3 });
      const whole = await after(engine, inOne(engine, task, options), 3);
      const shared = await after(engine, sideBySide(engine, task, options, lanes), 3);
      for (const [i, part] of whole.entries()) expect(shared[i]).toBeAllClose(part, 1e-5);
    },
  );

  it('that is broken off leaves the state as it was, and the next goes on from it', async () => {
    const engine = await makeEngine('wasm');
    const shared = sideBySide(engine, task, options, 1);
    const state = begun(engine);
    const signal = AbortSignal.abort(new Error('enough'));
    await expect(shared.advance(state, [argsOf(0)], signal)).rejects.toBe(signal.reason);
    const end = await shared.advance(state, [argsOf(0)]);
    const values = await Promise.all(end.map(engine.read));
    engine.free(...end);
    const whole = await after(engine, inOne(engine, task, options), 1);
    for (const [i, part] of whole.entries()) expect(values[i]).toBeAllClose(part, 1e-5);
  });

  it.each([
    ['greys of 28 × 28', [28, 28], 64, true],
    ['colours of 32 × 32', [3, 32, 32], 32, true],
    ['greys of 8 × 8', [8, 8], 256, false],
    ['rows of a table', [784], 64, false],
  ] as const)('is used if a weight is used often: %s', async (_what, form, batch, apart) => {
    const lanes = new Set<number | undefined>();
    const engine = {
      lanes: 2,
      free: () => {},
      compile: () => ({
        run: async (_inputs: unknown, _args: unknown, lane?: number) => {
          lanes.add(lane);
          throw new Error('seen');
        },
        iterate: () => Promise.reject(new Error('seen')),
        dispose: async () => {},
      }),
    } as unknown as Engine;
    const stepper = stepperFor(engine, { ...task, shape: form, batch }, options);
    const zeros = new Float32Array(batch * form.reduce((product, side) => product * side, 1));
    await expect(stepper.advance([], [{ step: 0, x0: zeros }])).rejects.toThrow('seen');
    expect(lanes.size > 0).toBe(apart);
  });

  it('has the same bits when it is repeated', async () => {
    const engine = await makeEngine('onnx', { threads: 3 });
    const [one, two] = [
      await after(engine, sideBySide(engine, task, options, 3), 2),
      await after(engine, sideBySide(engine, task, options, 3), 2),
    ];
    expect(one).toEqual(two);
  });

  it('leaves nothing behind', async () => {
    const engine = await makeEngine('wasm');
    const before = engine.live();
    await after(engine, sideBySide(engine, task, options, 2), 2);
    await after(engine, inOne(engine, task, options), 2);
    expect(engine.live()).toBe(before);
  });
});
