import { expect, test } from 'vitest';
import { gaussianLogDensities } from '../../src/data/units/gaussian-density.ts';
import { mixtureLogDensities } from '../../src/data/units/mixture.ts';
import { tableTransform } from '../../src/data/units/table-transform.ts';
import { makeEngine } from '../../src/engine/index.ts';
import { variationalBound } from '../../src/likelihood/bound.ts';
import { logLikelihood } from '../../src/likelihood/likelihood.ts';
import { makeSde } from '../../src/registry/sdes.ts';
import { makeSolver } from '../../src/registry/solvers.ts';
import { partsOf } from '../../src/run/shape.ts';
import { contextModel } from '../../src/score/context.ts';
import { networkModel } from '../../src/score/model.ts';
import { energy } from '../../src/score/nets/energy.ts';
import { mlp } from '../../src/score/nets/mlp.ts';
import { problemOf } from '../../src/solve/problem.ts';
import { sample } from '../../src/solve/sample.ts';
import { worn } from '../score/nets/samples.ts';

const covariance = [1, 0.8, 0.3, 0.8, 1, -0.2, 0.3, -0.2, 1];
const margin = { weights: [1], means: [0], stds: [1] };
const json = {
  cells: [0, 1, 2].map(() => ({ kind: 'number' as const, margin })),
  gaussian: { mean: [0, 0, 0], covariance },
};
const transform = tableTransform(json);
const parts = partsOf({ transform: json, data: { source: 'test' } } as never);
const rows = Float64Array.of(0.3, -0.5, 1, 1.2, 0.7, -0.4);
const x = { data: Float32Array.from(rows), shape: [2, 3] };
const gaussian = { mean: new Float64Array(3), covariance: Float64Array.from(covariance) };
const exact = gaussianLogDensities(gaussian, rows);
const net = mlp([3], { width: 8, depth: 1, conditional: true });
const engine = await makeEngine('onnx');

test.each(['vp', 've', 'sub-vp'] as const)(
  'an untrained model of a table is its Gaussian under %s',
  async name => {
    const sde = await makeSde(name);
    const plain = networkModel(
      mlp([3], { width: 8, depth: 1 }),
      mlp([3], { width: 8, depth: 1 }).init(0),
      sde,
      [3],
      parts,
    );
    const options = { engine, sde, solver: makeSolver('rk45') };
    const { logProbability } = await logLikelihood({ ...options, model: plain }, x);
    const asked = networkModel(net, net.init(0), sde, [3], parts);
    const conditional = await logLikelihood({ ...options, model: asked }, x);
    for (let i = 0; i < 2; i++) {
      expect(Math.abs(logProbability[i]! - exact[i]!)).toBeLessThan(2e-2);
      expect(conditional.logProbability[i]).toBeCloseTo(logProbability[i]!, 3);
    }
  },
);

test.each([
  ['vp', 1e-4],
  ['vp', 3e-6],
  ['sub-vp', 1e-4],
] as const)('nearly collinear columns keep their density: %s, thin by %d', async (name, thin) => {
  // b = a + thin·noise
  const law = [1, 1, 1, 1 + thin ** 2];
  const plane = { ...json, cells: json.cells.slice(1), gaussian: { mean: [0, 0], covariance: law } };
  const sde = await makeSde(name);
  const small = mlp([2], { width: 8, depth: 1 });
  const model = networkModel(
    small,
    small.init(0),
    sde,
    [2],
    partsOf({ transform: plane, data: { source: 'test' } } as never),
  );
  const points = Float64Array.of(0.3, 0.3 + thin, -1, -1 - 0.5 * thin);
  const of = tableTransform(plane);
  const z = { data: of.forward(points, new Float32Array(4)), shape: [2, 2] };
  const logStd = Math.log(of.std[0]! * of.std[1]!);
  const truth = gaussianLogDensities(
    { mean: new Float64Array(2), covariance: Float64Array.from(law) },
    points,
  );
  const { logProbability } = await logLikelihood({ engine, sde, solver: makeSolver('rk45'), model }, z);
  for (let i = 0; i < 2; i++) expect(Math.abs(logProbability[i]! - logStd - truth[i]!)).toBeLessThan(0.05);
  const draws = { engine, sde, model, draws: 4096 };
  const bound = await variationalBound(draws, z);
  for (let i = 0; i < 2; i++)
    expect(Math.abs(bound.logProbability[i]! - logStd - truth[i]!)).toBeLessThan(1.5);
});

test('conditionals of the untrained model are those of the Gaussian, row by row and by the bound', async () => {
  const sde = await makeSde('vp');
  const model = networkModel(net, net.init(0), sde, [3], parts);
  // Row 0: p(c | a, b). Row 1: p(a, c), b absent.
  const states = Uint8Array.of(1, 1, 0, 0, 2, 0);
  const z = transform.forward(rows, new Float32Array(6), states);
  const asked = contextModel(model, transform.context(rows, states));
  const dropped = 0.5 * Math.log(2 * Math.PI);
  const flow = await logLikelihood(
    { engine, sde, model: asked, solver: makeSolver('rk45') },
    { data: z, shape: [2, 3] },
  );
  const of = (values: number[]) => gaussianLogDensities(gaussian, Float64Array.from(values))[0]!;
  const [a, b, c] = rows as unknown as [number, number, number];
  const wanted = [of([a, b, c]) - of([a, b, Number.NaN]), of([rows[3]!, Number.NaN, rows[5]!])];
  expect(flow.logProbability[0]! + 2 * dropped).toBeCloseTo(wanted[0]!, 2);
  expect(flow.logProbability[1]! + dropped).toBeCloseTo(wanted[1]!, 2);
  const bound = await variationalBound({ engine, sde, model: asked, draws: 256 }, { data: z, shape: [2, 3] });
  for (const i of [0, 1]) expect(Math.abs(bound.logProbability[i]! - wanted[i]!)).toBeLessThan(0.35);
});

test('samples of an untrained conditional have its mean and covariance', async () => {
  const sde = await makeSde('vp');
  const model = networkModel(net, net.init(0), sde, [3], parts);
  const states = Uint8Array.of(1, 0, 0);
  const known = Float64Array.of(1.5, 0, 0);
  const asked = contextModel(model, transform.context(known, states));
  const count = 4000;
  const { data } = await sample({ engine, sde, model: asked, solver: makeSolver('unipc'), count, steps: 20 });
  const means = [1, 2].map(
    d => data.filter((_, i) => i % 3 === d).reduce((sum, value) => sum + value, 0) / count,
  );
  expect(Math.abs(means[0]! - 0.8 * 1.5)).toBeLessThan(0.04);
  expect(Math.abs(means[1]! - 0.3 * 1.5)).toBeLessThan(0.06);
  const product = [...Array(count).keys()].reduce(
    (sum, i) => sum + ((data[3 * i + 1]! - means[0]!) * (data[3 * i + 2]! - means[1]!)) / count,
    0,
  );
  expect(Math.abs(product - (-0.2 - 0.8 * 0.3))).toBeLessThan(0.04);
});

const mixture = {
  weights: [0.35, 0.65],
  means: [
    [-1, 0.6, 0.2],
    [0.54, -0.32, -0.1],
  ],
  covariances: [
    [0.3, 0.1, 0, 0.1, 0.5, -0.1, 0, -0.1, 0.9],
    [0.5, -0.2, 0.1, -0.2, 0.6, 0, 0.1, 0, 1.1],
  ],
};
const mixed = tableTransform({ ...json, mixture });
const mixedParts = partsOf({ transform: { ...json, mixture }, data: { source: 'test' } } as never);
const density = (...values: number[]) => mixtureLogDensities(mixed.base!, Float64Array.from(values))[0]!;

test.each(['vp', 've', 'sub-vp'] as const)(
  'an untrained model that starts from a mixture is that mixture under %s, and so are its conditionals',
  async name => {
    const sde = await makeSde(name);
    const model = networkModel(net, net.init(0), sde, [3], mixedParts);
    // Row 0: all. Row 1: p(a, c | b). Row 2: p(c | a), b absent.
    const states = Uint8Array.of(0, 0, 0, 0, 1, 0, 1, 2, 0);
    const points = Float64Array.of(0.3, -0.5, 1, -1.2, 0.7, -0.4, 0.9, 0, 0.5);
    const z = mixed.forward(points, new Float32Array(9), states);
    const asked = contextModel(model, mixed.context(points, states));
    const flow = { engine, sde, model: asked, solver: makeSolver('rk45') };
    const { logProbability } = await logLikelihood(flow, { data: z, shape: [3, 3] });
    const dropped = 0.5 * Math.log(2 * Math.PI);
    const wanted = [
      density(0.3, -0.5, 1),
      density(-1.2, 0.7, -0.4) - density(Number.NaN, 0.7, Number.NaN),
      density(0.9, Number.NaN, 0.5) - density(0.9, Number.NaN, Number.NaN),
    ];
    for (const [i, value] of wanted.entries())
      expect(Math.abs(logProbability[i]! + i * dropped - value)).toBeLessThan(2e-2);
  },
);

test('an energy network that corrects a mixture has the score −∇E', async () => {
  const sde = await makeSde('vp');
  const energies = energy([3], { width: 8, depth: 2 });
  const model = networkModel(energies, worn(energies.init(3)), sde, [3], mixedParts);
  const t = Float64Array.of(0.2, 0.7);
  const program = engine.compile<null>((weights, [at]) => {
    const { raw, energy: value } = model.rawAndEnergy!(weights, at!, t);
    return [problemOf(sde, model, weights).score(at!, t), value, raw, model.raw(weights, at!, t)];
  }, model.weights);
  const run = async (data: Float32Array) => {
    const results = await program.run([engine.put({ data, shape: [2, 3] })], null);
    return Promise.all(results.map(engine.read));
  };
  const at = Float32Array.of(0.3, -0.5, 1, -1.2, 0.7, -0.4);
  const [score, , raw, alone] = await run(at);
  expect(raw!).toBeAllClose(alone!, 1e-5);
  for (const j of [0, 1, 2]) {
    const moved = (by: number) => run(at.map((value, i) => (i % 3 === j ? value + by : value)));
    const [above, below] = [(await moved(0.02))[1]!, (await moved(-0.02))[1]!];
    for (const i of [0, 1])
      expect(Math.abs((below[i]! - above[i]!) / 0.04 - score![3 * i + j]!)).toBeLessThan(0.02);
  }
  await program.dispose();
});
