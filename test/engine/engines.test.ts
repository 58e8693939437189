import { beforeAll, describe, expect, it } from 'vitest';
import { linear } from '../../schedules/index.ts';
import { vp } from '../../sdes/vp.ts';
import { eulerMaruyama, rk4 } from '../../solvers/index.ts';
import type { Engine, EngineName } from '../../src/engine/index.ts';
import { exact } from '../../src/likelihood/divergence.ts';
import { logLikelihood } from '../../src/likelihood/likelihood.ts';
import { denoising } from '../../src/objectives/denoising.ts';
import { fillNormal, key } from '../../src/random/index.ts';
import { networkModel } from '../../src/score/model.ts';
import { mlp } from '../../src/score/nets/mlp.ts';
import { problemOf } from '../../src/solve/problem.ts';
import { sample } from '../../src/solve/sample.ts';
import type { PlainTensor, Tensor } from '../../src/tensor/index.ts';
import { mul, sum, vjp } from '../../src/tensor/index.ts';
import { flatten, layoutOf } from '../../src/train/flat.ts';
import { initialState, trainer } from '../../src/train/trainer.ts';
import { values } from '../support/draw.ts';
import { startEngines, tensorflowAbsent } from '../support/engines.ts';

const sde = vp(linear());
const net = mlp([2], { width: 16, depth: 2 });
const layout = layoutOf(net.init(1));
// Initial networks give zero everywhere, so these weights are random: every layer counts.
const params = Object.fromEntries(
  layout.names.map((name, i) => [
    name,
    { data: values(i, layout.sizes[i]!, -0.4, 0.4), shape: [...layout.shapes[i]!] },
  ]),
);
const model = networkModel(net, params, sde, [2]);
const points: PlainTensor = { data: values(50, 16, -2, 2), shape: [8, 2] };
const probe: PlainTensor = { data: values(51, 16), shape: [8, 2] };
const times = Float64Array.from({ length: 8 }, (_, i) => 0.05 + i / 9);

/** The results of a program of the model's weights, `points` and `probe`, one after another. */
async function compute(engine: Engine, program: (w: Tensor[], x: Tensor, v: Tensor) => Tensor[]) {
  const compiled = engine.compile<null>((w, [x, v]) => program(w, x!, v!), model.weights);
  const inputs = [engine.put(points), engine.put(probe)];
  const results = await compiled.run(inputs, null);
  const read = await Promise.all(results.map(engine.read));
  engine.free(...inputs, ...results);
  await compiled.dispose();
  return read.flatMap(each => [...each]);
}

const trainingOptions = {
  ...{
    steps: 1,
    batch: 32,
    seed: 2,
    learningRate: 1e-2,
    warmup: 0,
    decay: 'none' as const,
    clip: 1,
    ema: 0.9,
  },
  ...{ beta1: 0.9, beta2: 0.999, epsilon: 1e-8, reportEvery: 1 },
};

/** Loss, weights, moments and average after one step. */
async function trainedOnce(engine: Engine) {
  const draw = (out: Float32Array, step: number) => fillNormal(out, key(5, 'data'), { step, size: 2 });
  const start = initialState(flatten(params, layout).data);
  const steps = trainer(engine, denoising(sde, model), layout, [2], draw, start, trainingOptions);
  const { value } = await steps.next();
  if (!value || !('loss' in value)) throw new Error('one step is one report');
  const { theta, m, v, ema } = await value.state();
  await steps.return(start);
  return [value.loss, ...theta, ...m, ...v, ...ema];
}

const WORK: Record<string, (engine: Engine) => Promise<ArrayLike<number>>> = {
  'the score, at a time for each sample': engine =>
    compute(engine, (w, x) => [problemOf(sde, model, w).score(x, times)]),
  'the flow and its product with a cotangent': engine =>
    compute(engine, (w, x, v) => {
      const { value, product } = vjp(y => problemOf(sde, model, w).flow(y, 0.4), x, v);
      return [value, product, sum(mul(product, v))];
    }),
  'one step of training': trainedOnce,
  'a sampler of 20 steps': async engine =>
    (await sample({ engine, sde, model, solver: eulerMaruyama(), steps: 20, count: 8, seed: 3 })).data,
  'a likelihood': async engine =>
    (await logLikelihood({ engine, sde, model, solver: rk4(), steps: 10, divergence: exact() }, points))
      .logProbability,
};

const engines: Record<string, Engine> = {};
beforeAll(async () => void Object.assign(engines, await startEngines()));

describe.each(['wasm', 'onnx', 'onnx-web', 'tensorflow'] satisfies EngineName[])('the engine %s', name => {
  it.for(Object.entries(WORK))('computes %s as the reference does', async ([, work], { skip }) => {
    if (name === 'tensorflow' && tensorflowAbsent) skip(tensorflowAbsent);
    const expected = await work(engines.cpu!);
    expect(await work(engines[name]!)).toBeAllClose(expected, 1e-4);
  });
});
