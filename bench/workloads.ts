import { execFileSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { linear } from '../schedules/index.ts';
import { vp } from '../sdes/vp.ts';
import { euler, eulerMaruyama } from '../solvers/index.ts';
import type { Engine, Value } from '../src/engine/index.ts';
import { openSafetensors } from '../src/files/disk.ts';
import { hutchinson } from '../src/likelihood/divergence.ts';
import { withDensity } from '../src/likelihood/likelihood.ts';
import { denoising } from '../src/objectives/denoising.ts';
import type { ScoreNet } from '../src/score/contract.ts';
import type { Unet } from '../src/score/nets/unet/network.ts';
import { inBatches, padded } from '../src/solve/batches.ts';
import { integrator, type ProblemFactory } from '../src/solve/integrate.ts';
import { deal, sharesOf } from '../src/solve/lanes.ts';
import { gridPath } from '../src/solve/path.ts';
import { problemOf } from '../src/solve/problem.ts';
import {
  matmul,
  opaque,
  type PlainParams,
  type PlainTensor,
  placesOf,
  type Shape,
  sizeOf,
} from '../src/tensor/index.ts';
import { flatten, layoutOf } from '../src/train/flat.ts';
import { initialState, trainer } from '../src/train/trainer.ts';
import { guidedSampling } from './guided.ts';
import { asNet, fresh, normalTensor, plainMlp, unet28, unet32 } from './nets.ts';

/** Prepared work: `call` does `units` units of it. */
export interface Ready {
  readonly units: number;
  call(): Promise<void>;
}

export interface Work {
  readonly unit: 'µs' | 'ms';
  /**
   * Operations of the matrix products and convolutions in one unit (2 for a multiplication and its addition).
   */
  readonly flops: number;
  /** The peer's name for it, if that differs. */
  readonly peer?: string;
  /** Number of timed calls in one run. */
  readonly calls: number;
  ready(engine: Engine): Promise<Ready>;
}

const sde = vp(linear());
const range = { from: 1, to: 1e-3 };

const evenly = (from: number, to: number, steps: number) =>
  Float64Array.from({ length: steps + 1 }, (_, i) => from + ((to - from) * i) / steps);

function startRows(count: number, size: number) {
  const all = normalTensor('start', [count, size], 1);
  return (first: number, rows: number) => padded(all, first, rows);
}

/** Multiplications and additions of the plain perceptron's forward pass on one row. */
const mlpFlops = (width: number, depth: number) => 2 * (3 * width + (depth - 1) * width * width + 2 * width);

/** Euler-Maruyama from the prior on 2-D points; a unit is a step. */
export const sampling = (batch: number, steps = 500, calls = 5): Work => ({
  unit: 'µs',
  flops: batch * mlpFlops(128, 3),
  calls,
  async ready(engine) {
    const { model } = fresh(plainMlp(128, 3, 2), sde, [2]);
    const times = evenly(range.from, range.to, steps);
    const solve = integrator({ engine, sde, model, solver: eulerMaruyama(), path: gridPath(0) }, times);
    const journey = { engine, model, integrator: solve, count: batch, start: startRows(batch, 2) };
    return { units: steps, call: async () => void (await inBatches(journey, {})) };
  },
});

/**
 * Denoising score matching by the trainer: loss, gradients, clipping, Adam, moving average; a unit is a step.
 */
const training = (net: ScoreNet, shape: Shape, batch: number, flops: number, perCall: number): Work => ({
  unit: 'ms',
  flops,
  calls: 7,
  async ready(engine) {
    const { params, model } = fresh(net, sde, shape);
    const layout = layoutOf(params);
    const points = normalTensor('data', [batch, ...shape], 1).data;
    const options = {
      ...{
        steps: 1e9,
        batch,
        seed: 0,
        learningRate: 1e-3,
        warmup: 0,
        decay: 'none' as const,
        clip: 1,
        ema: 0.999,
      },
      ...{ beta1: 0.9, beta2: 0.999, epsilon: 1e-8, reportEvery: perCall },
    };
    const start = initialState(flatten(params, layout).data);
    const objective = denoising(sde, model);
    const steps = trainer(engine, objective, layout, shape, out => out.set(points), start, options);
    return { units: perCall, call: async () => void (await steps.next()) };
  },
});

/**
 * The probability flow and its divergence by one probe, along Euler's method from data to noise; a unit is an
 * evaluation.
 */
const density = (batch: number, steps = 500, calls = 5): Work => ({
  unit: 'ms',
  flops: 2 * batch * mlpFlops(128, 3),
  calls,
  async ready(engine) {
    const { model } = fresh(plainMlp(128, 3, 2), sde, [2]);
    const problem: ProblemFactory = (of, watched, weights, at) =>
      withDensity(problemOf(of, watched, weights), [2], hutchinson(), at.first);
    const setting = { engine, sde, model, solver: euler(), path: gridPath(0), problem };
    const solve = integrator(setting, evenly(range.to, range.from, steps));
    const journey = { engine, model, integrator: solve, count: batch, start: startRows(batch, 3) };
    return { units: steps, call: async () => void (await inBatches(journey, {})) };
  },
});

/** The same as single calls, with a time for each sample. */
const likelihood = (net: ScoreNet, shape: Shape, batch: number, flops: number, calls: number): Work => ({
  unit: 'ms',
  flops,
  calls,
  async ready(engine) {
    const { model } = fresh(net, sde, shape);
    const divergence = hutchinson();
    const field = engine.compile<Float64Array>((weights, [x], t) => {
      const { value, divergence: trace } = divergence.at(problemOf(sde, model, weights).flow, x!, t, 0);
      return [value, trace];
    }, model.weights);
    const share = divided(engine, model.weights, batch, shape);
    const inputs = normalTensor('x', [batch, ...shape], 1);
    const times = Float64Array.from({ length: batch }, (_, i) => 0.01 + (0.99 * i) / batch);
    const each = share.starts.map(first => [padded(inputs, first, share.rows), first] as const);
    return {
      units: 1,
      call: () =>
        deal(each.length, share.lanes, undefined, async (job, lane) => {
          const [x, first] = each[job]!;
          await once(engine, () => field.run([x], times.subarray(first, first + share.rows), lane));
        }),
    };
  },
});

/** The cache of models with weights in files. The measurement is that of a second use. */
export const cache = fileURLToPath(new URL('kept', import.meta.url));

const initialWeights = (unet: Unet): PlainParams => unet.init(0);

/** The weights of the larger U-Net as in a run: in a file, where they stay. */
function weightsInFile(): PlainParams {
  const file = fileURLToPath(new URL('unet32.safetensors', import.meta.url));
  const writer = fileURLToPath(new URL('store.js', import.meta.url));
  if (!existsSync(file)) execFileSync(process.execPath, [writer, file]);
  return Object.fromEntries(openSafetensors(file, file).tensors) as PlainParams;
}

/** A forward pass as a solver calls it: one event of the trace, with its host numbers as constants. */
const forward = (unet: () => Unet, shape: Shape, flops: number, weightsOf = initialWeights): Work => ({
  unit: 'ms',
  flops,
  calls: 15,
  async ready(engine) {
    const net = unet();
    const params = weightsOf(net);
    const names = Object.keys(params);
    const program = engine.compile<null>(
      (weights, [x, labels]) => {
        const weightsByName = Object.fromEntries(names.map((name, i) => [name, weights[i]!]));
        return [opaque(net, [x!, labels!, ...weights], () => net.apply(weightsByName, x!, labels!))];
      },
      names.map(name => params[name]!),
    );
    const [batch, ...sides] = shape as [number, ...number[]];
    const labels = { data: Float32Array.from({ length: batch }, (_, i) => 60 * i), shape: [batch] };
    const images = normalTensor('x', shape, 1);
    const share = divided(engine, Object.values(params), batch, sides);
    const each = share.starts.map(first => [images, labels].map(all => padded(all, first, share.rows)));
    return {
      units: 1,
      call: () =>
        deal(each.length, share.lanes, undefined, (job, lane) =>
          once(engine, () => program.run(each[job]!, null, lane)),
        ),
    };
  },
});

/** The rows of one evaluation, divided as in a solve of a hundred evaluations. */
function divided(engine: Engine, weights: readonly PlainTensor[], count: number, shape: Shape) {
  const numbers = weights.reduce((sum, { shape: each }) => sum + sizeOf(each), 0);
  const task = { size: sizeOf(shape), weights: numbers, places: placesOf(shape), evaluations: 100 };
  const share = sharesOf({ ...task, count, lanes: engine.lanes, mostRows: engine.mostRows });
  const starts = Array.from({ length: Math.ceil(count / share.rows) }, (_, i) => i * share.rows);
  return { ...share, starts };
}

/** The machine's matrix product, 1024 cubed: the limit for all other workloads. */
const product = (side: number): Work => ({
  unit: 'ms',
  flops: 2 * side ** 3,
  calls: 15,
  async ready(engine) {
    const program = engine.compile<null>((_weights, [a, b]) => [matmul(a!, b!)]);
    const inputs: PlainTensor[] = ['a', 'b'].map(name => normalTensor(name, [side, side], side));
    const values = inputs.map(engine.put);
    return { units: 1, call: () => once(engine, () => program.run(values, null)) };
  },
});

async function once(engine: Engine, run: () => Promise<Value[]>): Promise<void> {
  const results = await run();
  await Promise.all(results.map(engine.read));
  engine.free(...results);
}

// Counted by torch.utils.flop_counter on the networks of peers/torch_peer.py, for one forward pass of one
// image.
const UNET28 = 494_299_392;
const UNET32 = 21_693_071_360;

/**
 * Every workload, by the name that peers use. A gradient costs two forward passes, or one for the inputs
 * alone.
 */
export const workloads: Readonly<Record<string, Work>> = {
  matmul: product(1024),
  'mlp-sample-16': sampling(16, 500, 25),
  'mlp-sample-256': sampling(256, 500, 15),
  'mlp-sample-4096': sampling(4096),
  // A gradient with respect to the inputs costs one more forward pass.
  'mlp-pigdm-256': guidedSampling(plainMlp(128, 3, 2), [2], {
    ...{ batch: 256, steps: 500, flops: 2 * 256 * mlpFlops(128, 3), calls: 15, unit: 'µs' },
  }),
  'mlp-train': training(plainMlp(256, 4, 2), [2], 1024, 3 * 1024 * mlpFlops(256, 4), 25),
  'mlp-likelihood': density(1024),
  'mlp-likelihood-call': {
    ...likelihood(plainMlp(128, 3, 2), [2], 1024, 2 * 1024 * mlpFlops(128, 3), 100),
    peer: 'mlp-likelihood',
  },
  'unet28-score': forward(unet28, [16, 1, 28, 28], 16 * UNET28),
  'unet28-sample': guidedSampling(
    asNet(unet28()),
    [1, 28, 28],
    { batch: 16, steps: 10, flops: 16 * UNET28, calls: 5, unit: 'ms' },
    model => model,
  ),
  'unet28-pigdm': guidedSampling(asNet(unet28()), [1, 28, 28], {
    batch: 16,
    steps: 10,
    flops: 2 * 16 * UNET28,
    calls: 5,
    unit: 'ms',
  }),
  'unet28-likelihood': likelihood(asNet(unet28()), [1, 28, 28], 16, 2 * 16 * UNET28, 10),
  'unet28-train': training(asNet(unet28()), [1, 28, 28], 64, 3 * 64 * UNET28, 2),
  'unet32-score': forward(unet32, [4, 3, 32, 32], 4 * UNET32, weightsInFile),
};

/** Three sizes each: the time must grow in proportion. */
export const scaling: Readonly<Record<string, Work>> = {
  'steps-125': sampling(256, 125),
  'steps-250': sampling(256, 250),
  'steps-500': sampling(256, 500),
  'batch-2048': sampling(2048, 100),
  'batch-4096': sampling(4096, 100),
  'batch-8192': sampling(8192, 100),
};
