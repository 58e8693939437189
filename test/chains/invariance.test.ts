import { beforeAll, describe, expect, it } from 'vitest';
import { linear } from '../../schedules/index.ts';
import { vp } from '../../sdes/vp.ts';
import {
  energyTarget,
  hmc,
  independentMove,
  type Kernel,
  langevin,
  mala,
  modelTarget,
  runChains,
} from '../../src/chains/index.ts';
import { type Engine, makeEngine } from '../../src/engine/index.ts';
import { type AnalyticModel, gaussianModel, mixtureModel } from '../../src/score/analytic/index.ts';
import type { ScoreModel } from '../../src/score/contract.ts';
import { mul, sumPerSample } from '../../src/tensor/index.ts';

const SEED = 12;
const sde = vp(linear());
/**
 * A time with scale 0.9 and std 0.44: the two modes of the mixture below are separate and have different
 * widths.
 */
const TIME = 0.1;
const CHAINS = 2048;

let engine: Engine;
beforeAll(async () => {
  engine = await makeEngine();
});

/** Two modes of weight 0.3 and 0.7, with different widths, 1.6 apart. */
const mixture = (size: number): AnalyticModel => {
  const centre = (side: number) => Array.from({ length: size }, () => (side * 0.8) / Math.sqrt(size));
  return mixtureModel({ weights: [0.3, 0.7], means: [centre(-1), centre(1)], stds: [0.3, 0.5] }, sde);
};

/** Samples of p_t itself. */
function drawn(model: AnalyticModel, count: number): { data: Float32Array; shape: number[] } {
  const { scale, std } = sde.marginal(TIME);
  const { data, shape } = model.sample(count, SEED);
  const size = model.shape[0]!;
  const z = gaussianModel({ mean: new Array<number>(size).fill(0), std: 1 }, sde).sample(
    count,
    SEED + 1,
  ).data;
  return { data: data.map((value, i) => scale * value + std * z[i]!), shape: [...shape] };
}

const scoreOnly = ({ rawAndEnergy: _, ...model }: AnalyticModel): ScoreModel => model;

/**
 * The statistics of each point: its position along the line of the modes, its square, and whether it is on
 * the far side.
 */
function statistics(data: Float32Array, size: number): Float64Array[] {
  const along = Float64Array.from({ length: data.length / size }, (_, i) => {
    let sum = 0;
    for (let j = 0; j < size; j++) sum += data[i * size + j]!;
    return sum / Math.sqrt(size);
  });
  const square = Float64Array.from(along, (_, i) => {
    let sum = 0;
    for (let j = 0; j < size; j++) sum += data[i * size + j]! ** 2;
    return sum / size;
  });
  return [along, along.map(value => value * value), along.map(value => (value > 0 ? 1 : 0)), square];
}

/** The change of each mean from start to end, in standard errors of the difference of the pairs. */
async function drift(model: ScoreModel, kernel: Kernel, start: { data: Float32Array; shape: number[] }) {
  const target = modelTarget(model, sde, TIME);
  const options = {
    engine,
    target,
    kernel,
    chains: CHAINS,
    draws: 1,
    thin: 10,
    burnIn: 0,
    start,
    seed: SEED,
  };
  const { data, acceptance } = await runChains(options);
  const size = model.shape[0]!;
  const before = statistics(start.data, size);
  const z = statistics(data, size).map((after, k) => {
    const change = after.map((value, i) => value - before[k]![i]!);
    const mean = change.reduce((sum, value) => sum + value, 0) / CHAINS;
    const variance = change.reduce((sum, value) => sum + (value - mean) ** 2, 0) / (CHAINS - 1);
    return mean / Math.sqrt(variance / CHAINS);
  });
  return { z, acceptance: acceptance.reduce((sum, value) => sum + value, 0) / CHAINS };
}

const sizes = [1, 2, 8, 64];
const steps = { 1: 1.4, 2: 1.2, 8: 0.9, 64: 0.7 } as Readonly<Record<number, number>>;
const exactKernels = sizes.flatMap(size =>
  [true, false].flatMap(normed => [
    { size, normed, name: 'mala', kernel: mala({ step: steps[size]! }) },
    { size, normed, name: 'hmc', kernel: hmc({ step: steps[size]!, leaps: 3 }) },
  ]),
);

describe.each(exactKernels)('$name, D = $size, with a density: $normed', ({ size, normed, kernel }) => {
  it(`leaves mean, variance and weights of a mixture unchanged within 3 standard errors (seed ${SEED})`, async () => {
    const model = mixture(size);
    const { z, acceptance } = await drift(normed ? model : scoreOnly(model), kernel, drawn(model, CHAINS));
    for (const each of z) expect(Math.abs(each)).toBeLessThan(3);
    expect(acceptance).toBeGreaterThan(0.4);
    expect(acceptance).toBeLessThan(0.97);
  });
});

it('so does a move to a fresh draw of a Gaussian', async () => {
  const kernel: Kernel = {
    ...{ name: 'independent', exact: true, evaluations: () => 1, step: 1, anneals: false },
    move: ({ look, here, path }) =>
      independentMove(look, here, 1.2, { z: path.normal(0), exponential: path.exponential() }),
  };
  for (const size of [1, 2]) {
    const model = mixture(size);
    const { z, acceptance } = await drift(model, kernel, drawn(model, CHAINS));
    for (const each of z) expect(Math.abs(each)).toBeLessThan(3);
    expect(acceptance).toBeGreaterThan(0.3);
    expect(acceptance).toBeLessThan(0.97);
  }
});

it('the same step without acceptance changes them', async () => {
  const model = mixture(8);
  const { z } = await drift(model, langevin({ step: 2 * steps[8]! }), drawn(model, CHAINS));
  expect(Math.max(...z.map(Math.abs))).toBeGreaterThan(4.5);
});

it('langevin has a bias of order h²: V/(1 − h²/4V) for a Gaussian', async () => {
  const target = energyTarget({ shape: [1], energy: (_, x) => mul(sumPerSample(mul(x, x)), 0.5) });
  for (const step of [0.5, 1]) {
    const options = {
      engine,
      target,
      kernel: langevin({ step }),
      chains: 512,
      draws: 100,
      thin: 8,
      burnIn: 100,
    };
    const { coordinates, data } = await runChains(options);
    const variance = coordinates[0]!.std ** 2;
    const wanted = 1 / (1 - step ** 2 / 4);
    expect(data).toHaveLength(51_200);
    expect(Math.abs(variance / wanted - 1)).toBeLessThan(3 * Math.sqrt(2 / coordinates[0]!.effectiveSize));
  }
});

it('burn-in brings the acceptance to its target, for each chain by itself', async () => {
  const model = mixture(2);
  const target = modelTarget(model, sde, TIME);
  const options = { engine, target, kernel: mala({ step: 0.05 }), draws: 240, burnIn: 400, seed: 3 };
  const many = await runChains({ ...options, chains: 64 });
  const mean = many.acceptance.reduce((sum, value) => sum + value, 0) / 64;
  expect(Math.abs(mean - 0.574)).toBeLessThan(0.06);
  expect(many.coordinates.every(({ splitRhat }) => splitRhat < 1.05)).toBe(true);
  const few = await runChains({ ...options, chains: 3, batch: 64 });
  expect([...few.steps]).toEqual([...many.steps.subarray(0, 3)]);
});
