import { describe, expect, it } from 'vitest';
import { preconditionedLangevin } from '../../solvers/index.ts';
import { gaussianModel } from '../../src/score/analytic/index.ts';
import type { Path } from '../../src/solve/contract.ts';
import { problemOf } from '../../src/solve/problem.ts';
import { exactTensor, inFloat64, valuesOf } from './float64.ts';
import { sdes } from './laboratory.ts';

const stds = [2, 0.3, 0.01];
const x = [0.5, -0.2, 0.03];
const [t, s] = [0.25, 0.2];

/** The draws of one sample: the first for the step, the others for the probes. */
const pathOf = (draws: readonly (readonly number[])[]): Path => ({
  increment: () => expect.fail('a corrector asked for an increment'),
  normal: k => exactTensor(draws[k]!, [1, 3]),
});

describe.each(sdes)('preconditioned Langevin on a Gaussian with different widths under $name', sde => {
  const model = gaussianModel({ mean: [0, 0, 0], std: stds }, sde);
  const step = (draws: readonly (readonly number[])[], options: object) =>
    inFloat64(() => {
      const weights = model.weights.map(({ data, shape }) => exactTensor(data, shape));
      const args = {
        problem: problemOf(sde, model, weights),
        x: exactTensor(x, [1, 3]),
        t,
        s,
        past: [],
        state: [],
      };
      return [
        ...valuesOf(
          preconditionedLangevin({ snr: 0.1, ...options }).step({ ...args, path: pathOf(draws) }).x,
        ),
      ];
    });
  const { scale, std } = sde.marginal(s);
  const wide = stds.map(own => (scale * Math.fround(own * own) ** 0.5) ** 2 + std ** 2);
  const still = [0, 0, 0];
  const probes = [
    [1.3, -0.4, 0.7],
    [-2, 0.1, 0],
  ];

  it('moves every coordinate by the same share of its distance, for any signs of the probes', () => {
    const end = step([still, ...probes], { probes: 2, limit: 1e12 });
    const rate = sde.marginal(t).scale / scale;
    const parts = end.map((value, i) => (x[i]! - value) / x[i]!);
    for (const part of parts) expect(part).toBeCloseTo(2 * 0.1 ** 2 * rate ** 2, 9);
  });

  it('adds noise with the standard deviation that keeps the law', () => {
    const [calm, noisy] = [still, [1, 1, 1]].map(z => step([z, probes[0]!], { probes: 1, limit: 1e12 }));
    const rate = sde.marginal(t).scale / scale;
    const added = noisy!.map((value, i) => (value - calm![i]!) / Math.sqrt(wide[i]!));
    for (const part of added) expect(part).toBeCloseTo(2 * 0.1 * rate, 9);
  });

  it('makes no step longer than its limit', () => {
    const gain = (limit: number) => step([still, probes[0]!], { probes: 1, limit })[0]! - x[0]!;
    expect(gain(3) / gain(1.5)).toBeCloseTo(2, 9);
  });
});

describe.each(sdes)('an M of rank 1 on a line in space under $name', sde => {
  // Wide along a turned direction, and a point across it.
  const wide = [2 / 3, -1 / 3, 2 / 3];
  const across = [1 / Math.SQRT2, 0, -1 / Math.SQRT2];
  const covariance = wide.flatMap(a => wide.map(b => 4 * a * b));
  const model = gaussianModel({ mean: [0, 0, 0], covariance }, sde);
  const moved = (start: readonly number[], draws: readonly (readonly number[])[]) =>
    inFloat64(() => {
      const weights = model.weights.map(({ data, shape }) => exactTensor(data, shape));
      const problem = problemOf(sde, model, weights);
      const options = { problem, x: exactTensor(start, [1, 3]), t, s, past: [], state: [] };
      const solver = preconditionedLangevin({ snr: 0.1, rank: 1, limit: 1e12 });
      return [...valuesOf(solver.step({ ...options, path: pathOf(draws) }).x)];
    });
  const start = [1.3, -0.4, 0.7];
  const rate = sde.marginal(t).scale / sde.marginal(s).scale;

  it('moves a point by the same share of its distance along the line and across it: a Newton step', () => {
    for (const direction of [wide, across]) {
      const end = moved(direction, [[0, 0, 0], start]);
      for (const [i, value] of end.entries())
        expect(value).toBeCloseTo(direction[i]! * (1 - 2 * 0.1 ** 2 * rate ** 2), 5);
    }
  });

  it('adds noise with the standard deviation of the law in each direction', () => {
    const { scale, std } = sde.marginal(s);
    for (const [direction, width] of [
      [wide, Math.hypot(2 * scale, std)],
      [across, std],
    ] as const) {
      const end = moved([0, 0, 0], [direction, start]);
      for (const [i, value] of end.entries())
        expect(value / width).toBeCloseTo(direction[i]! * 2 * 0.1 * rate, 5);
    }
  });
});

describe.each(sdes)('an M of low rank on a Gaussian with any covariance under $name', sde => {
  const covariance = [4, 1, 0.5, 1, 1, -0.3, 0.5, -0.3, 0.5];
  const model = gaussianModel({ mean: [0, 0, 0], covariance }, sde);
  const { scale, std } = sde.marginal(s);
  const unit = (k: number) => [0, 1, 2].map(i => Number(i === k));
  const variance = covariance.map((v, i) => scale ** 2 * v + (i % 4 === 0 ? std ** 2 : 0));

  /** The largest entry of AVAᵀ + BBᵀ − V for the step x' = Ax + Bz: q does not depend on x here. */
  const change = (snr: number, rank: number) =>
    inFloat64(() => {
      const weights = model.weights.map(({ data, shape }) => exactTensor(data, shape));
      const problem = problemOf(sde, model, weights);
      const solver = preconditionedLangevin({ snr, rank });
      const end = (start: readonly number[], z: readonly number[]) => {
        const path = pathOf([z, ...probes]);
        return valuesOf(
          solver.step({ problem, x: exactTensor(start, [1, 3]), t, s, past: [], state: [], path }).x,
        );
      };
      const zero = [0, 0, 0];
      const ofX = [0, 1, 2].map(k => end(unit(k), zero));
      const ofZ = [0, 1, 2].map(k => end(zero, unit(k)));
      const entry = (i: number, j: number) => {
        let sum = -variance[3 * i + j]!;
        for (const a of [0, 1, 2]) {
          sum += ofZ[a]![i]! * ofZ[a]![j]!;
          for (const b of [0, 1, 2]) sum += ofX[a]![i]! * variance[3 * a + b]! * ofX[b]![j]!;
        }
        return Math.abs(sum);
      };
      return Math.max(...[0, 1, 2].flatMap(i => [0, 1, 2].map(j => entry(i, j))));
    });
  const probes = [
    [1.3, -0.4, 0.7],
    [-2, 0.1, 0.3],
  ];

  it.each([1, 2])('rank %d changes the law by the order of snr⁴ in a step alone', rank => {
    expect(change(0.1, rank)).toBeGreaterThan(0);
    expect(change(0.1, rank) / change(0.05, rank)).toBeCloseTo(16, 1);
  });
});

it('refuses options out of range', () => {
  expect(() => preconditionedLangevin({ probes: 0 })).toThrow(/probes/);
  expect(() => preconditionedLangevin({ rank: 0.5 })).toThrow(/rank/);
  expect(() => preconditionedLangevin({ limit: 1 })).toThrow(/limit/);
});
