import { beforeAll, expect, it } from 'vitest';
import { geometric } from '../../schedules/index.ts';
import { ve } from '../../sdes/ve.ts';
import {
  annealedLangevin,
  energyTarget,
  hmc,
  langevin,
  modelTarget,
  runChains,
} from '../../src/chains/index.ts';
import { type Engine, makeEngine } from '../../src/engine/index.ts';
import { mixtureModel } from '../../src/score/analytic/index.ts';
import { add, mul, square, sumPerSample } from '../../src/tensor/index.ts';
import { values } from '../support/draw.ts';

let engine: Engine;
beforeAll(async () => {
  engine = await makeEngine();
});

/** 0.99 of the mass at (−5, −5) and 0.01 at (5, 5), with noise 0.5. */
const sde = ve(geometric({ sigmaMin: 0.5, sigmaMax: 20 }));
const means = [
  [-5, -5],
  [5, 5],
];
const model = mixtureModel({ weights: [0.99, 0.01], means, stds: 1 }, sde);
const CHAINS = 2048;

/** The share of the last draws on the side of the mode of weight 0.01. */
async function minority(kernel: ReturnType<typeof langevin>, burnIn: number) {
  const target = modelTarget(model, sde, 0);
  const start = { data: values(5, 2 * CHAINS, -8, 8), shape: [CHAINS, 2] };
  const options = { engine, target, kernel, chains: CHAINS, draws: 1, burnIn, levels: 30 };
  const { data } = await runChains(kernel.anneals ? options : { ...options, start });
  let count = 0;
  for (let i = 0; i < CHAINS; i++) if (data[2 * i]! + data[2 * i + 1]! > 0) count++;
  return count / CHAINS;
}

it('Langevin dynamics from a uniform start loses the weights of modes: each ends near one half', async () => {
  expect(Math.abs((await minority(langevin({ step: 0.6 }), 300)) - 0.5)).toBeLessThan(0.05);
});

it('annealing finds the weights to 0.01', async () => {
  expect(Math.abs((await minority(annealedLangevin({ step: 0.5 }), 1500)) - 0.01)).toBeLessThan(0.01);
});

it('an energy of your own is a target: HMC finds the moments of a quartic well', async () => {
  // E = x⁴/4: E[x²] = 2Γ(3/4)/Γ(1/4) = 0.67598.
  const energy = (_: unknown, x: Parameters<typeof square>[0]) => mul(sumPerSample(square(square(x))), 0.25);
  const target = energyTarget({ shape: [2], energy });
  const { data, coordinates } = await runChains({ engine, target, kernel: hmc(), chains: 64, draws: 400 });
  const square2 = data.reduce((sum, value) => sum + value * value, 0) / data.length;
  const size = Math.min(...coordinates.map(({ effectiveSize }) => effectiveSize));
  // Var x² = 1 − 0.676² = 0.543, as E[x⁴] = 1.
  expect(Math.abs(square2 - 0.67598)).toBeLessThan(3 * Math.sqrt(0.543 / size));
  expect(coordinates.every(({ splitRhat }) => splitRhat < 1.02)).toBe(true);
});

it('annealing by temperature crosses a barrier that no single temperature crosses', async () => {
  // A double well of depth 50 between ±1; all chains begin in the left one.
  const well = (_: unknown, x: Parameters<typeof square>[0]) =>
    sumPerSample(mul(square(add(square(x), -1)), 50));
  const target = energyTarget({ shape: [1], energy: well, unit: 0.1, spread: 0.2 });
  const start = { data: new Float32Array(512).fill(-1), shape: [512, 1] };
  const right = async (kernel: ReturnType<typeof langevin>) => {
    const options = { engine, target, kernel, chains: 512, draws: 1, burnIn: 1500, start };
    return (await runChains(options)).data.filter(x => x > 0).length / 512;
  };
  expect(await right(hmc())).toBeLessThan(0.02);
  expect(Math.abs((await right(annealedLangevin({ step: 0.5 }))) - 0.5)).toBeLessThan(0.08);
});
