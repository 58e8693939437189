import { describe, expect, it } from 'vitest';
import { makeEngine } from '../../src/engine/index.ts';
import { calibrationOf, placeOf } from '../../src/guide/calibration.ts';
import { chiSquaredTail } from '../../src/math/chi-squared.ts';
import { smoothTest } from '../../src/math/smooth-test.ts';
import { given } from '../../src/measure/columns.ts';
import type { Part } from '../../src/measure/contract.ts';
import { fillUniform, key } from '../../src/random/index.ts';
import { makeSde } from '../../src/registry/sdes.ts';
import type { Run } from '../../src/run/run.ts';
import { type CalibrateOptions, calibrate } from '../../src/run/use/given/calibrate.ts';
import { evidence } from '../../src/run/use/given/evidence.ts';
import { derivedQuantities } from '../../src/run/use/given/quantities.ts';
import { measureTruths } from '../../src/run/use/given/truths.ts';
import { sample } from '../../src/run/use/sample.ts';
import type { AnalyticModel } from '../../src/score/analytic/contract.ts';
import { gaussianModel, mixtureModel } from '../../src/score/analytic/index.ts';

const engine = await makeEngine('wasm');
const sde = await makeSde('vp');

/** A run whose model is exact. Its data are x = 10 + 2z in the first column and −1 + z/2 in the second. */
function exactRun(model: AnalyticModel): Run {
  const config = {
    data: { source: 'exact', shape: [2], columns: ['a', 'b'] },
    transform: { shift: [10, -1], scale: [2, 0.5], bins: false },
    objective: {},
  };
  return { config, sde, model, params: {}, losses: [] } as unknown as Run;
}
const gaussian = exactRun(gaussianModel({ mean: [0.2, -0.1], covariance: [1, 0.6, 0.6, 0.8] }, sde));
const two = exactRun(
  mixtureModel(
    {
      means: [
        [-1.2, -0.6],
        [1.2, 0.6],
      ],
      stds: 0.3,
    },
    sde,
  ),
);

it('χ² tails are those of tables', () => {
  expect(chiSquaredTail(3.841458820694124, 1)).toBeCloseTo(0.05, 12);
  expect(chiSquaredTail(23.209251158954356, 10)).toBeCloseTo(0.01, 12);
  expect(chiSquaredTail(18.307038053275146, 10)).toBeCloseTo(0.05, 12);
  // Of ten degrees of freedom: e^(−z)·Σ z^k/k!, k < 5, z = x/2.
  const closed = (z: number) => Math.exp(-z) * (1 + z + z ** 2 / 2 + z ** 3 / 6 + z ** 4 / 24);
  for (const z of [0.1, 1.3, 4, 9, 30]) expect(chiSquaredTail(2 * z, 10)).toBeCloseTo(closed(z), 12);
  expect(chiSquaredTail(4, 2)).toBeCloseTo(Math.exp(-2), 12);
  expect(chiSquaredTail(0, 3)).toBe(1);
});

describe("Neyman's smooth test", () => {
  it('is χ² of the first four Legendre polynomials', () => {
    // Values at ±½ and 0 of π_j(u) = √(2j + 1)·P_j(2u − 1), in closed form.
    const x = [0.5, 0, -0.25];
    const P = [(v: number) => v, (v: number) => (3 * v * v - 1) / 2, (v: number) => (5 * v ** 3 - 3 * v) / 2];
    const P4 = (v: number) => (35 * v ** 4 - 30 * v * v + 3) / 8;
    const square = [...P, P4].reduce((sum, p, k) => {
      const total = x.reduce((all, v) => all + Math.sqrt(2 * k + 3) * p(v), 0);
      return sum + total ** 2 / 3;
    }, 0);
    const found = smoothTest(Float64Array.from(x, v => (v + 1) / 2));
    expect(found).toBeCloseTo(chiSquaredTail(square, 4), 12);
  });
});

describe('ranks', () => {
  const uniform = (seed: number) => {
    const values = new Float64Array(200);
    fillUniform(values, key(seed, 'test'), { step: 0, first: 0, size: 200 });
    return values;
  };
  it('of right draws pass in at least 95 of 100 seeds, and their intervals hold as many as they say', () => {
    const all = Array.from({ length: 100 }, (_, seed) =>
      calibrationOf(
        [
          { name: 'a', values: uniform(seed) },
          { name: 'b', values: uniform(seed + 1000) },
        ],
        31,
      ),
    );
    expect(all.filter(({ pValue }) => pValue > 0.01).length).toBeGreaterThanOrEqual(95);
    const mean = (k: number) => all.reduce((sum, { coverage }) => sum + coverage[k]!, 0) / 100;
    [0.5, 0.8, 0.95].forEach((level, k) => {
      expect(Math.abs(mean(k) - level)).toBeLessThan(0.01);
    });
  });

  it('of draws too narrow, too wide or shifted do not', () => {
    const bent = (f: (u: number) => number) =>
      calibrationOf([{ name: 'a', values: uniform(1).map(f) }], 31).pValue;
    expect(bent(u => 0.5 + 0.5 * Math.sign(u - 0.5) * Math.abs(2 * u - 1) ** 0.5)).toBeLessThan(1e-3);
    expect(bent(u => 0.5 + 0.5 * Math.sign(u - 0.5) * Math.abs(2 * u - 1) ** 2)).toBeLessThan(1e-3);
    expect(bent(u => u ** 1.6)).toBeLessThan(1e-3);
  });

  it('of whole rows show a wrong correlation, which no column shows', async () => {
    const parts = await given('a + b = ? ± 0.5').on({ shape: [2], columns: [{ name: 'a' }, { name: 'b' }] });
    const quantities = derivedQuantities(parts, 2);
    const column = (d: number) => (rows: readonly Float64Array[]) => Float64Array.from(rows, row => row[d]!);
    const all = [
      column(0),
      column(1),
      ...quantities.map(
        ({ of }) =>
          (rows: Float64Array[]) =>
            of(rows, parts),
      ),
    ];
    const of = (covariance: number[], count: number, seed: number) =>
      gaussianModel({ mean: [0, 0], covariance }, sde).sample(count, seed).data;
    const pOf = (own: number[], asked: number[], used: typeof all) => {
      const [truths, draws] = [of(own, 200, 1), of(asked, 200 * 15, 2)];
      const row = (data: Float32Array, i: number) => Float64Array.from(data.subarray(2 * i, 2 * i + 2));
      const places = used.map((f, k) => {
        const values = uniform(k + 50).map((u, i) => {
          const rows = [row(truths, i), ...Array.from({ length: 15 }, (_, j) => row(draws, 15 * i + j))];
          const [value, ...others] = f(rows);
          return placeOf(value!, others, u);
        });
        return { name: `${k}`, values };
      });
      return calibrationOf(places, 15).pValue;
    };
    expect(quantities.map(({ name }) => name)).toEqual([
      'a + b = ? ± 0.5',
      'log p(y | x)',
      'distance from the middle',
    ]);
    const [bound, free] = [
      [1, 0.8, 0.8, 1],
      [1, 0, 0, 1],
    ];
    expect(pOf(bound, bound, all)).toBeGreaterThan(0.01);
    expect(pOf(bound, free, all.slice(0, 2))).toBeGreaterThan(0.01);
    for (const k of [2, 3]) expect(pOf(bound, free, [all[k]!])).toBeLessThan(0.01);
    expect(pOf(free, bound, all.slice(0, 2))).toBeGreaterThan(0.01);
    for (const k of [2, 3, 4]) expect(pOf(free, bound, [all[k]!])).toBeLessThan(0.01);
  });

  it('break ties at random', () => {
    expect(placeOf(1, [0, 0, 2, 2, 2], 0.5)).toBeCloseTo(2.5 / 6, 12);
    expect(placeOf(1, [1, 1, 1], 0.25)).toBeCloseTo(0.25, 12);
  });
});

describe('calibrate', () => {
  const quick: CalibrateOptions = { given: 'a + b = ? ± 0.5', truths: 80, draws: 15, steps: 12, engine };
  it('passes moment matching on Gaussian data', async () => {
    const found = await calibrate(gaussian, { ...quick, method: 'mmps' });
    const { pValue, coverage, rows, method } = found;
    expect(method).toBe('mmps');
    const derived = ['a + b = ? ± 0.5', 'log p(y | x)', 'distance from the middle'];
    expect(rows.map(({ name }) => name)).toEqual(['a', 'b', ...derived]);
    expect(coverage[1]).toBeCloseTo((rows[0]!.coverage[1] + rows[1]!.coverage[1]) / 2, 12);
    expect(found.warnings).toEqual([expect.stringMatching(/^80 truths can tell little.*± 11 %/)]);
    expect(pValue).toBeGreaterThan(0.01);
    expect(Math.abs(coverage[1] - 0.8)).toBeLessThan(0.1);
  });

  it.each([
    ['guidance × 3', gaussian, { method: 'mmps', weight: 3 }],
    ['dps on two modes', two, { method: 'dps', truths: 200 }],
    ['a biased prior', gaussian, { method: 'mmps', data: shifted() }],
  ] as const)('catches %s', async (_what, run, options) => {
    const { pValue } = await calibrate(run, { ...quick, ...options });
    expect(pValue).toBeLessThan(0.01);
  });
});

/** Rows whose first column is one standard deviation too high. */
function shifted() {
  const { data } = gaussianModel({ mean: [1.2, -0.1], covariance: [1, 0.6, 0.6, 0.8] }, sde).sample(80, 5);
  return {
    data: Float64Array.from(data, (z, i) => (i % 2 === 0 ? 10 + 2 * z : -1 + z / 2)),
    shape: [80, 2],
  };
}

describe('a run that is told what is known', () => {
  it('answers in the units of its data, with a certificate', async () => {
    const small = { engine, count: 40, particles: 64 };
    const exact = await sample(gaussian, { ...small, steps: 20, given: 'a = 11' });
    for (let i = 0; i < 40; i++) expect(exact.data[2 * i]).toBe(11);
    expect(exact.certificate).toMatchObject({ method: 'smc with mmps', populations: 4 });
    const weighted = await sample(gaussian, { ...small, given: 'a = 11 ± 1', method: 'importance' });
    expect(weighted.certificate!.method).toBe('importance with mmps');
    expect(weighted.certificate!.effectiveSampleSize).toBeGreaterThan(200);
    const bounded = await sample(gaussian, {
      engine,
      count: 40,
      steps: 20,
      given: 'a > 12, b < 0',
      method: 'pigdm',
    });
    expect(bounded.certificate).toMatchObject({ method: 'pigdm', logEvidence: null });
    for (let i = 0; i < 40; i++) expect(bounded.data[2 * i]!).toBeGreaterThan(11.9);
  });

  it('names the values of a row without names, and has no text for pictures', async () => {
    const { columns: _names, ...data } = gaussian.config.data;
    const nameless = { ...gaussian, config: { ...gaussian.config, data } } as Run;
    const small = { engine, count: 4, particles: 32, steps: 10 };
    const { data: rows } = await sample(nameless, { ...small, given: 'x1 = 11' });
    for (let i = 0; i < 4; i++) expect(rows[2 * i]).toBe(11);
    await expect(sample(nameless, { ...small, given: 'a = 11' })).rejects.toThrow(/columns: x1, x2/);
    await expect(given('a = 11').on({ shape: [8, 8] })).rejects.toThrow(/these samples have none/);
  });

  it('gives the evidence in the units of its data', async () => {
    // a = 10 + 2z₀ ~ N(10.4, 4), read as 11 ± 0.5.
    const { logEvidence, interval, effectiveSampleSize } = await evidence(gaussian, {
      given: 'a = 11 ± 0.5',
      engine,
      particles: 128,
      populations: 3,
      steps: 30,
    });
    const wanted = -0.5 * (Math.log(2 * Math.PI * 4.25) + 0.6 ** 2 / 4.25);
    expect(Math.abs(logEvidence! - wanted)).toBeLessThan(0.1);
    expect(interval![0]).toBeLessThan(wanted);
    expect(interval![1]).toBeGreaterThan(wanted);
    expect(effectiveSampleSize).toBeGreaterThan(100);
  });

  it('refuses what cannot be, in words', async () => {
    const draw = (given: string, more: object = {}) => sample(gaussian, { count: 4, engine, given, ...more });
    await expect(draw('c = 1')).rejects.toThrow(/no column "c"/);
    await expect(draw('a = 1, a + b = 2, b = 3')).rejects.toThrow(/contradict one another/);
    await expect(draw('a = 1', { solver: 'heun' })).rejects.toThrow(/ignores this option/);
    await expect(draw('a = 1', { method: 'mmps', particles: 8 })).rejects.toThrow(/ignores this option/);
    await expect(sample(gaussian, { count: 4, engine, method: 'mmps' })).rejects.toThrow(/there is none/);
    await expect(draw('a = 1', { method: 'mmp' })).rejects.toThrow(/Did you mean "mmps"/);
    await expect(draw('a = 1', { method: 'zzz' })).rejects.toThrow(
      /method "zzz". Available: smc, importance, mmps/,
    );
    const importance = { method: 'importance', steps: 9 };
    await expect(draw('a = 1 ± 1', importance)).rejects.toThrow(/ignores this option/);
    await expect(draw('a = ?')).rejects.toThrow(/A question mark is no value; got "a = \?"/);
    const bounded = calibrate(gaussian, { given: 'a > 1e3', truths: 10, engine });
    await expect(bounded).rejects.toThrow(/Choose wider bounds/);
  });
});

it('truths at the end of a range satisfy it, unless the end itself is left out', () => {
  const range = (strict?: readonly [boolean, boolean]): Part => ({
    kind: 'linear',
    text: 'cyl in 4..8',
    count: 1,
    matrix: Float64Array.of(1),
    law: {
      ...{ kind: 'between', low: Float64Array.of(4), high: Float64Array.of(8) },
      ...(strict && { strict }),
    },
  });
  const read = Array.from({ length: 30 }, (_, i) => [Float64Array.of([4, 6, 8][i % 3]!)]);
  const count = (strict?: readonly [boolean, boolean]) => measureTruths([range(strict)], read, 99, 0).length;
  expect([count(), count([true, false]), count([true, true])]).toEqual([30, 20, 10]);
});
