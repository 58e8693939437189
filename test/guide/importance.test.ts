import { expect, it } from 'vitest';
import { makeEngine } from '../../src/engine/index.ts';
import { importance } from '../../src/guide/importance.ts';
import { measurementOf } from '../../src/measure/all.ts';
import { ownUnits } from '../../src/measure/chart.ts';
import { observe } from '../../src/measure/observe.ts';
import { makeGuidance } from '../../src/registry/guidances.ts';
import { makeSde } from '../../src/registry/sdes.ts';
import { makeSolver } from '../../src/registry/solvers.ts';
import { gaussianModel, mixtureModel } from '../../src/score/analytic/index.ts';

const engine = await makeEngine('onnx');
const sde = await makeSde('vp');
const columns = [{ name: 'a' }, { name: 'b' }];
const observed = async (text: string) =>
  observe(await measurementOf(text).on({ shape: [2], columns }), ownUnits([2]));
const solver = makeSolver('rk45');
const tolerances = { rtol: 1e-3, atol: 1e-3 };
const logNormal = (r: number, S: number) => -0.5 * (Math.log(2 * Math.PI * S) + (r * r) / S);

it('moment matching on a Gaussian proposes the posterior itself: all weights are equal', async () => {
  const model = gaussianModel({ mean: [0.2, -0.1], covariance: [1, 0.6, 0.6, 0.8] }, sde);
  const observation = await observed('a + b = 1 ± 0.3');
  const guidance = makeGuidance('mmps');
  const result = await importance({
    engine,
    sde,
    model,
    observation,
    guidance,
    solver,
    tolerances,
    count: 64,
  });
  expect(result.effectiveSampleSize).toBeGreaterThan(62);
  expect(result.evidence.logEvidence).toBeCloseTo(logNormal(1 - 0.1, 3 + 0.09), 1);
});

it.each(['mmps', 'pigdm'] as const)('weights mend the modes of %s', async name => {
  // Two modes at ±1 of width 0.4; b is read as 0.3 ± 0.4, which prefers the upper one.
  const means = [
    [1, 1],
    [-1, -1],
  ];
  const model = mixtureModel({ means, stds: 0.4 }, sde);
  const observation = await observed('b = 0.3 ± 0.4');
  const guidance = makeGuidance(name);
  const { data, logWeights, evidence } = await importance({
    engine,
    sde,
    model,
    observation,
    guidance,
    solver,
    tolerances,
    count: 512,
  });
  const logs = [1, -1].map(b => logNormal(0.3 - b, 0.32) - Math.LN2);
  const upper = 1 / (1 + Math.exp(logs[1]! - logs[0]!));
  const above = logWeights.reduce((sum, w, i) => sum + (data[2 * i]! > 0 ? Math.exp(w) : 0), 0);
  expect(Math.abs(above - upper)).toBeLessThan(0.04);
  const truth = Math.log(Math.exp(logs[0]!) + Math.exp(logs[1]!));
  expect(Math.abs(evidence.logEvidence - truth)).toBeLessThan(0.1);
  expect(evidence.interval![0]).toBeLessThan(truth);
  expect(evidence.interval![1]).toBeGreaterThan(truth);
});
