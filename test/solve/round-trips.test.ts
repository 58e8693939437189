import { describe, expect, it } from 'vitest';
import { betaSchedules, schedules } from '../../schedules/index.ts';
import { makeEngine } from '../../src/engine/index.ts';
import { makeSde } from '../../src/registry/sdes.ts';
import { makeSolver } from '../../src/registry/solvers.ts';
import { mixtureModel } from '../../src/score/analytic/index.ts';
import type { Sde } from '../../src/sde/index.ts';
import { transport } from '../../src/solve/sample.ts';
import { sampleOptions } from '../schedules/samples.ts';

const engine = await makeEngine('onnx', { threads: 1 });

/** Rows of N((2, −2), I), far out ones among them. */
const rows = 64;
const x = {
  data: Float32Array.from({ length: 2 * rows }, (_, i) => (i % 2 ? -2 : 2) + 1.5 * Math.sin(1.7 * i)),
  shape: [rows, 2],
};

async function roundTrip(sde: Sde, name: 'rk45' | 'tsit5') {
  const model = mixtureModel({ means: [[2, -2]], stds: 1 }, sde);
  const options = { engine, sde, model, solver: makeSolver(name), tolerances: { rtol: 1e-5, atol: 1e-5 } };
  const latents = await transport(options, x, 'encode');
  const back = await transport(options, latents, 'decode');
  return {
    error: Math.max(...x.data.map((value, i) => Math.abs(value - back.data[i]!))),
    evaluations: latents.evaluations + back.evaluations,
  };
}

/** Tables of a few entries jump most. */
const coarse: Readonly<Record<string, object>> = {
  'beta-table': { betas: [0.05, 0.1, 0.3, 0.6, 0.9] },
  'sigma-table': { sigmas: [0.01, 0.1, 3, 50] },
};
const CASES = Object.keys(schedules).flatMap(schedule => [
  { schedule, kind: 'usual', options: sampleOptions[schedule] ?? {} },
  ...(coarse[schedule] ? [{ schedule, kind: 'coarse', options: coarse[schedule] }] : []),
]);

describe.each(CASES)('schedule $schedule, $kind', ({ schedule, options }) => {
  const names = schedule in betaSchedules ? (['vp', 'sub-vp'] as const) : (['ve'] as const);
  it.each(names)('data encoded and decoded under %s at tolerance 1e-5 come back to 1e-3', async name => {
    const sde = await makeSde({ name, schedule: { name: schedule, ...options } } as never);
    for (const solver of ['rk45', 'tsit5'] as const) {
      const { error, evaluations } = await roundTrip(sde, solver);
      expect(error, solver).toBeLessThan(1e-3);
      expect(evaluations, solver).toBeLessThan(400);
    }
  });
});

it('the flow between two noise levels is that of the family, whatever its schedule', async () => {
  const ends = await Promise.all(
    ['linear', 'cosine'].map(async schedule => {
      const sde = await makeSde({ name: 'vp', schedule } as never);
      const [tMin, tMax] = [0.5, 0.01].map(ratio => timeAtScale(sde, ratio)).sort((a, b) => a - b);
      const model = mixtureModel({ means: [[2, -2]], stds: 0.5 }, sde);
      const options = { engine, sde, model, solver: makeSolver('rk45'), tMin: tMin!, tMax: tMax! };
      return (await transport(options, x, 'encode')).data;
    }),
  );
  expect(ends[0]).toBeAllClose(ends[1]!, 1e-3);
});

/** The time at which the SDE has shrunk the data by this factor. */
function timeAtScale(sde: Sde, scale: number): number {
  let [low, high] = [0, sde.tMax];
  for (let i = 0; i < 60; i++) {
    const middle = (low + high) / 2;
    if (sde.marginal(middle).scale > scale) low = middle;
    else high = middle;
  }
  return low;
}
