import { expect, it } from 'vitest';
import { makeEngine } from '../../src/engine/index.ts';
import type { Objective } from '../../src/objectives/index.ts';
import { fillNormal, key } from '../../src/random/index.ts';
import { combine, mean, mul, square, sub } from '../../src/tensor/index.ts';
import { rateAt } from '../../src/train/rate.ts';
import { initialState, type TrainState, trainer } from '../../src/train/trainer.ts';

/**
 * The scores of Gaussian data by a linear network: ε̂ = w·x̃ for x̃ = x + σε, D independent coordinates with
 * a weight each. The loss is quadratic in w, so the posterior of every weight is a Gaussian in closed form.
 */
const [D, ROWS, SIGMA, SPREAD, TAU, PRIOR] = [32, 50, 0.7, 0.8, 0.5, 0.3];
const regression: Objective = {
  name: 'regression',
  times: (_seed, _step, batch) => new Float64Array(batch),
  loss: ([w], x0, noise) => mean(square(sub(mul(combine([1, x0], [SIGMA, noise]), w!), noise))),
};
const layout = { names: ['w'], shapes: [[1, D]], sizes: [D], total: D };
const batches = (out: Float32Array, step: number) => {
  fillNormal(out, key(2, 'data'), { step, first: 0, size: D });
  for (let i = 0; i < out.length; i++) out[i]! *= SPREAD;
};
const sgld = { rows: ROWS, temperature: TAU, priorStd: PRIOR, power: 0.55, draws: 30 };
const options = {
  ...{ steps: 6000, batch: 64, seed: 4, learningRate: 0.03 * D, warmup: 1000, decay: 'power' as const },
  ...{ clip: 1e-6, ema: 0.9, beta1: 0.9, beta2: 0.999, epsilon: 1e-8, reportEvery: 50, sgld },
};
const engine = await makeEngine();

async function trained(from: TrainState, stopAfter = Infinity): Promise<TrainState> {
  const steps = trainer(engine, regression, layout, [D], batches, from, options);
  for (;;) {
    const turn = await steps.next();
    if (turn.done) return turn.value;
    if (turn.value.step < stopAfter) continue;
    const state = await turn.value.state();
    await steps.return(state);
    return state;
  }
}
const whole = await trained(initialState(new Float32Array(D)));

it('the draws have the mean and the variance of the posterior', () => {
  const draws = whole.draws!;
  expect(draws).toHaveLength(30 * D);
  const precision = (ROWS * (SPREAD ** 2 + SIGMA ** 2)) / TAU + PRIOR ** -2;
  const centre = (ROWS * SIGMA) / TAU / precision;
  const own = draws.reduce((sum, w) => sum + w, 0) / draws.length;
  const variance = draws.reduce((sum, w) => sum + (w - centre) ** 2, 0) / draws.length;
  expect(Math.abs(own - centre)).toBeLessThan(3 / Math.sqrt(precision * draws.length));
  expect(Math.abs(variance * precision - 1)).toBeLessThan(3 * Math.sqrt(2 / draws.length));
});

it('intervals of 95 % from the draws hold 95 % of the posterior', () => {
  const precision = (ROWS * (SPREAD ** 2 + SIGMA ** 2)) / TAU + PRIOR ** -2;
  const centre = (ROWS * SIGMA) / TAU / precision;
  const inside = whole.draws!.filter(w => Math.abs(w - centre) * Math.sqrt(precision) < 1.96);
  const share = inside.length / whole.draws!.length;
  expect(Math.abs(share - 0.95)).toBeLessThan(3 * Math.sqrt((0.95 * 0.05) / whole.draws!.length));
});

it('a run that is stopped and continued keeps the same draws', async () => {
  const half = await trained(initialState(new Float32Array(D)), 4000);
  expect(half.draws).toHaveLength(10 * D);
  expect((await trained(half)).draws).toEqual(whole.draws);
});

it('its steps have an infinite sum and a finite sum of squares', () => {
  for (const power of [0.55, 1]) {
    const schedule = { ...options, warmup: 10, power };
    // Sums over decades of steps: those of the steps grow or stay, those of their squares fall.
    const decades = [100, 1000, 10_000].map(from => {
      let [sum, squares] = [0, 0];
      for (let k = from; k < 10 * from; k++) {
        const rate = rateAt(k, schedule);
        sum += rate;
        squares += rate ** 2;
      }
      return [sum, squares] as const;
    });
    const ratios = [0, 1].map(j => decades[2]![j]! / decades[1]![j]!);
    expect(ratios[0]).toBeGreaterThan(0.99);
    expect(ratios[1]).toBeLessThan(0.85);
  }
});
