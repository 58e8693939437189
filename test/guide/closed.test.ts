import { describe, expect, it } from 'vitest';
import { makeEngine } from '../../src/engine/index.ts';
import { closedForm } from '../../src/guide/closed/closed-form.ts';
import { logBetween, truncatedNormal } from '../../src/guide/closed/truncated.ts';
import { smc } from '../../src/guide/smc/smc.ts';
import { normalCdf } from '../../src/math/normal.ts';
import { measurementOf } from '../../src/measure/all.ts';
import { ownUnits } from '../../src/measure/chart.ts';
import { observe } from '../../src/measure/observe.ts';
import { makeGuidance } from '../../src/registry/guidances.ts';
import { makeSde } from '../../src/registry/sdes.ts';
import { mixtureModel } from '../../src/score/analytic/index.ts';
import type { ScoreModel } from '../../src/score/contract.ts';

const sde = await makeSde('vp');
const columns = [{ name: 'a' }, { name: 'b' }];
const observed = async (text: string) =>
  observe(await measurementOf(text).on({ shape: [2], columns }), ownUnits([2]));

/** Two Gaussians in the plane: weights, means, axes turned by an angle, variances along them. */
const parts = [
  { weight: 0.3, mean: [-1, 0.5], angle: 0.6, variances: [1, 0.04] },
  { weight: 0.7, mean: [0.8, -0.4], angle: -0.2, variances: [0.3, 0.1] },
] as const;
const axesOf = (angle: number) =>
  [
    [Math.cos(angle), Math.sin(angle)],
    [-Math.sin(angle), Math.cos(angle)],
  ] as const;
const law = {
  vectors: {
    data: Float32Array.from([0, 1].flatMap(d => parts.flatMap(p => axesOf(p.angle).map(axis => axis[d]!)))),
    shape: [2, 4],
  },
  values: { data: Float32Array.from(parts.flatMap(p => [...p.variances])), shape: [1, 4] },
  mean: {
    data: Float32Array.from(
      parts.flatMap(p => axesOf(p.angle).map(axis => axis[0] * p.mean[0] + axis[1] * p.mean[1])),
    ),
    shape: [1, 4],
  },
  logWeights: { data: Float32Array.from(parts.map(p => Math.log(p.weight))), shape: [1, 2] },
};
const model = { ...mixtureModel({ means: [[0, 0]], stds: 1 }, sde), law } as ScoreModel;
const density = (x: number, y: number) =>
  parts.reduce((sum, { weight, mean, angle, variances: [u, v] }) => {
    const [along, across] = axesOf(angle).map(axis => axis[0] * (x - mean[0]) + axis[1] * (y - mean[1]));
    const square = along! ** 2 / u + across! ** 2 / v;
    return sum + (weight * Math.exp(-0.5 * square)) / (2 * Math.PI * Math.sqrt(u * v));
  }, 0);

/** A fine grid of the plane, whose cells do not cross the bounds −0.5, 0, 0.2, 1, with p at each point. */
const [STEP, SIDE] = [0.01, 1000];
const ends = Float64Array.from({ length: SIDE }, (_, i) => -5 + (i + 0.5) * STEP);
const masses = new Float64Array(SIDE * SIDE);
ends.forEach((x, i) => {
  ends.forEach((y, j) => {
    masses[i * SIDE + j] = density(x, y) * STEP * STEP;
  });
});

/** ∫ f·p */
function integral(f: (x: number, y: number) => number): number {
  let sum = 0;
  for (let at = 0; at < masses.length; at++)
    if (masses[at]! > 1e-13) sum += masses[at]! * f(ends[Math.floor(at / SIDE)]!, ends[at % SIDE]!);
  return sum;
}
const normal = (r: number, std: number) => Math.exp(-0.5 * (r / std) ** 2) / (std * Math.sqrt(2 * Math.PI));
const holds = (is: boolean) => Number(is);

/** Questions with p(y | x). */
const questions: [string, (x: number, y: number) => number][] = [
  ['a=0.4±0.3', x => normal(0.4 - x, 0.3)],
  ['a+2*b=0.4±0.3, a=1±0.5', (x, y) => normal(0.4 - x - 2 * y, 0.3) * normal(1 - x, 0.5)],
  ['b>1', (_x, y) => holds(y > 1)],
  ['a>-0.5, a<1', x => holds(x > -0.5 && x < 1)],
  ['a>0, 0.2<b<1', (x, y) => holds(x > 0 && y > 0.2 && y < 1)],
  ['a-b=0.3±0.4, b>0', (x, y) => normal(0.3 - x + y, 0.4) * holds(y > 0)],
  ['a+b=0.3±0.4, a>-0.5, b>0', (x, y) => normal(0.3 - x - y, 0.4) * holds(x > -0.5 && y > 0)],
];

describe('the answer of a mixture of Gaussians in closed form', () => {
  it.each(questions)('has the evidence that numerical integration gives: %s', async (text, likelihood) => {
    const { logEvidence, interval } = closedForm(model, await observed(text))!.evidence();
    const [low, high] = interval!;
    const exact = Math.log(integral(likelihood));
    expect(Math.abs(logEvidence - exact)).toBeLessThan(2e-4 + (high - low));
    expect(high - low).toBeLessThan(2e-3);
    if (!text.includes('>') || !text.includes('b')) expect(low).toBe(high);
  });

  it.each(questions)('has draws with the moments of the posterior: %s', async (text, likelihood) => {
    const count = 4000;
    const z = closedForm(model, await observed(text))!.draw({ count, seed: 5 });
    const total = integral(likelihood);
    for (const f of [
      (x: number, _y: number) => x,
      (_x: number, y: number) => y,
      (x: number, y: number) => x * y,
      (x: number, _y: number) => x * x,
    ]) {
      const wanted = integral((x, y) => likelihood(x, y) * f(x, y)) / total;
      const square = integral((x, y) => likelihood(x, y) * f(x, y) ** 2) / total;
      let sum = 0;
      for (let i = 0; i < count; i++) sum += f(z[2 * i]!, z[2 * i + 1]!);
      const error = Math.sqrt((square - wanted ** 2) / count);
      expect(Math.abs(sum / count - wanted)).toBeLessThan(4 * error + 1e-4);
    }
  });

  it('keeps bounds in every draw, and exact values', async () => {
    const z = closedForm(model, await observed('a+b=0.5, b>0.2'))!.draw({ count: 500 });
    for (let i = 0; i < 500; i++) {
      expect(Math.abs(z[2 * i]! + z[2 * i + 1]! - 0.5)).toBeLessThan(1e-3);
      expect(z[2 * i + 1]!).toBeGreaterThan(0.2 - 1e-9);
    }
  });

  it('draws sample i by the seed and i alone', async () => {
    const form = closedForm(model, await observed('a>0, 0.2<b<1'))!;
    const all = form.draw({ count: 40, seed: 2 });
    expect([...form.draw({ count: 10, first: 30, seed: 2 })]).toEqual([...all.subarray(60)]);
    expect([...form.draw({ count: 40, seed: 3 })]).not.toEqual([...all]);
  });

  it('is that of particles, within their interval', async () => {
    const means = [
      [-1, 0],
      [1, 0.5],
    ];
    const identity = [0, 1].flatMap(d => [0, 1].flatMap(() => [0, 1].map(i => Number(i === d))));
    const round = {
      vectors: { data: Float32Array.from(identity), shape: [2, 4] },
      values: { data: new Float32Array(4).fill(0.16), shape: [1, 4] },
      mean: { data: Float32Array.from(means.flat()), shape: [1, 4] },
      logWeights: { data: new Float32Array(2).fill(-Math.LN2), shape: [1, 2] },
    };
    const exact = { ...mixtureModel({ means, stds: 0.4 }, sde), law: round } as ScoreModel;
    const observation = await observed('a+0.5*b=0.4±0.3');
    const { logEvidence } = closedForm(exact, observation)!.evidence();
    const engine = await makeEngine('onnx');
    const twist = makeGuidance('mmps');
    const { evidence } = await smc({
      engine,
      sde,
      model: exact,
      observation,
      twist,
      populations: 8,
      steps: 30,
    });
    expect(logEvidence).toBeGreaterThan(evidence.interval![0]);
    expect(logEvidence).toBeLessThan(evidence.interval![1]);
    await engine.dispose();
  });

  it('is for linear questions to mixtures alone, whose bounds are independent', async () => {
    const { law: _law, ...other } = model;
    expect(closedForm(other, await observed('a=1±0.1'))).toBeUndefined();
    expect(closedForm(model, await observed('a^2+b^2=1±0.1'))).toBeUndefined();
    expect(closedForm(model, await observed('a>0, b>0, a+b<1'))).toBeUndefined();
  });

  it('refuses bounds that exclude one another', async () => {
    const form = closedForm(model, await observed('a+b>1, 2*a+2*b<1'))!;
    expect(() => form.evidence()).toThrow(/probability 0/);
    expect(() => form.draw({ count: 2 })).toThrow(/probability 0/);
  });
});

describe('N(0, 1) between two ends', () => {
  it.each([
    [-1, 2],
    [-Infinity, 0.3],
    [8, 9],
    [-40, -39],
    [-Infinity, Infinity],
  ])('has its quantiles: %d to %d', (a, b) => {
    expect(logBetween(a, b)).toBeCloseTo(a < -30 ? logBetween(-b, -a) : logBetween(a, b), 10);
    for (const u of [0.001, 0.3, 0.9]) {
      const e = truncatedNormal(a, b, u);
      expect(e).toBeGreaterThanOrEqual(a);
      expect(e).toBeLessThanOrEqual(b);
      expect(logBetween(a, e)).toBeCloseTo(Math.log(u) + logBetween(a, b), 6);
    }
  });
  it('is that of the distribution function', () => {
    expect(Math.exp(logBetween(-1, 2))).toBeCloseTo(normalCdf(2) - normalCdf(-1), 12);
  });
});
