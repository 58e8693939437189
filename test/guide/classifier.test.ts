import { describe, expect, it } from 'vitest';
import { makeEngine } from '../../src/engine/index.ts';
import { classesGiven } from '../../src/guide/classes.ts';
import { measuredModel } from '../../src/guide/guided.ts';
import { importance } from '../../src/guide/importance.ts';
import { smc } from '../../src/guide/smc/smc.ts';
import { all, type GivenSpec, measurementOf } from '../../src/measure/all.ts';
import { ownUnits } from '../../src/measure/chart.ts';
import { observe } from '../../src/measure/observe.ts';
import { noisyLikelihood } from '../../src/measure/traced.ts';
import { makeGuidance } from '../../src/registry/guidances.ts';
import { makeSde } from '../../src/registry/sdes.ts';
import { makeSolver } from '../../src/registry/solvers.ts';
import { gaussianModel, mixtureModel } from '../../src/score/analytic/index.ts';
import { mixtureClassifier } from '../../src/score/classifier/mixture.ts';
import type { ScoreModel } from '../../src/score/contract.ts';
import { coefficients } from '../../src/sde/coefficients.ts';
import { add, fromHost, log, matmul, mul, reshape, softmax } from '../../src/tensor/index.ts';
import { values } from '../support/draw.ts';

const engine = await makeEngine('wasm');
const onnx = await makeEngine('onnx');
const sde = await makeSde('vp');

/** Four Gaussians of different widths; the second and the fourth are class 1, a third of all. */
const mixture = {
  weights: [0.4, 0.1, 4 / 15, 7 / 30],
  means: [
    [-1.2, 0.3],
    [1, 1],
    [0.5, -1],
    [1.4, -0.2],
  ],
  stds: [0.3, 0.5, 0.4, [0.2, 0.6]],
};
const labels = [0, 1, 0, 1];
const model = mixtureModel(mixture, sde);
const classifier = mixtureClassifier({ ...mixture, labels }, sde);
const part = (label: number) => {
  const own = <T>(list: readonly T[]) => list.filter((_, k) => labels[k] === label);
  return mixtureModel(
    { weights: own(mixture.weights), means: own(mixture.means), stds: own(mixture.stds) },
    sde,
  );
};
const columns = [{ name: 'a' }, { name: 'b' }];
const observed = async (given: GivenSpec) =>
  observe(await measurementOf(given).on({ shape: [2], columns }), ownUnits([2]));

const x = values(3, 32, -2, 2);
const noiseOf = async (of: ScoreModel, t: number | Float64Array) => {
  const program = engine.compile<null>((weights, [at]) => {
    const [a, b] = coefficients(time => {
      const form = of.noiseForm(time);
      return [form.a, form.b];
    }, t);
    return [add(mul(at!, a), mul(of.raw(weights, at!, t), b))];
  }, of.weights);
  const [out] = await program.run([engine.put({ data: x, shape: [16, 2] })], null);
  const result = await engine.read(out!);
  await program.dispose();
  return result;
};
const times: (number | Float64Array)[] = [
  0.01,
  0.1,
  0.5,
  1,
  Float64Array.from(x, (_, i) => 0.05 + 0.03 * (i % 16)).slice(0, 16),
];

describe('the exact classifier', () => {
  it('knows the frequencies of the classes where noise hides everything, and one class near its data', async () => {
    const program = engine.compile<number>(
      (weights, [at], t) => [classifier.logProbabilities(weights, at!, t)],
      classifier.weights,
    );
    const at = engine.put({ data: Float32Array.of(0.2, -0.4, -1.2, 0.3), shape: [2, 2] });
    const late = await engine.read((await program.run([at], 1))[0]!);
    expect(Math.exp(late[0]!)).toBeCloseTo(2 / 3, 1);
    const early = await engine.read((await program.run([at], 1e-3))[0]!);
    expect(early[2]!).toBeGreaterThan(-1e-3);
    for (const row of [0, 1])
      expect(Math.exp(early[2 * row]!) + Math.exp(early[2 * row + 1]!)).toBeCloseTo(1, 5);
  });

  it('refuses labels with gaps', () => {
    for (const wrong of [
      [0, 1, 3, 1],
      [0, 0, 0, 0],
      [0, 1],
      [0, 1, 0.5, 1],
    ])
      expect(() => mixtureClassifier({ ...mixture, labels: wrong }, sde)).toThrow(/without a gap/);
  });
});

describe('classifier guidance', () => {
  it.each([0, 1])('by the exact classifier at weight 1 is the score of class %i', async label => {
    const weights = labels.slice(0, 2).map((_, k) => Number(k === label));
    const observation = await observed(classesGiven(classifier, weights));
    const guided = measuredModel(sde, model, observation, makeGuidance('classifier'));
    for (const t of times) {
      const [found, exact] = [await noiseOf(guided, t), await noiseOf(part(label), t)];
      found.forEach((value, i) => {
        expect(Math.abs(value - exact[i]!)).toBeLessThan(2e-5 * (1 + Math.abs(exact[i]!)));
      });
    }
  });

  it('adds up: weights are factors, and other measurements keep their own guidance', async () => {
    const t = 0.3;
    const noise = async (given: GivenSpec, method: 'classifier' | 'mmps' | 'dps') =>
      noiseOf(measuredModel(sde, model, await observed(given), makeGuidance(method)), t);
    const plain = await noiseOf(model, t);
    const [first, both] = [classesGiven(classifier, [1, 0]), classesGiven(classifier, [2, -0.5])];
    const second = classesGiven(classifier, [0, 1]);
    const [of1, of2] = [await noise(first, 'classifier'), await noise(second, 'classifier')];
    const mixed = await noise(both, 'classifier');
    for (const method of ['mmps', 'dps'] as const) {
      const alone = await noise('a = 0.5 ± 0.2', method);
      const joint = await noise(all('a = 0.5 ± 0.2', first), method);
      plain.forEach((base, i) => {
        expect(joint[i]! - base).toBeCloseTo(alone[i]! - base + of1[i]! - base, 4);
        expect(mixed[i]! - base).toBeCloseTo(2 * (of1[i]! - base) - 0.5 * (of2[i]! - base), 4);
      });
    }
  });

  it('takes a likelihood of your own', async () => {
    // The classes of two Gaussians of equal width differ by a plane: logits (scale/v)·m·x.
    const pair = {
      means: [
        [-1, 0.5],
        [1, -0.5],
      ],
      stds: 0.4,
    };
    const planes = fromPlanes(pair.means, 0.16);
    const guided = measuredModel(
      sde,
      mixtureModel(pair, sde),
      await observed(planes),
      makeGuidance('classifier'),
    );
    const one = gaussianModel({ mean: pair.means[0]!, std: 0.4 }, sde);
    for (const t of [0.05, 0.6]) {
      const [found, exact] = [await noiseOf(guided, t), await noiseOf(one, t)];
      for (const [i, value] of found.entries()) expect(value).toBeCloseTo(exact[i]!, 4);
    }
  });
});

function fromPlanes(means: readonly (readonly number[])[], variance: number) {
  return noisyLikelihood((x, t) => {
    const [pull] = coefficients(time => {
      const { scale, std } = sde.marginal(time);
      return [scale / (scale ** 2 * variance + std ** 2)];
    }, t);
    const logits = mul(matmul(x, fromHost(Float32Array.from(means.flat()), [2, 2]), false, true), pull);
    const first = fromHost(Float32Array.of(1, 0), [2, 1]);
    return reshape(log(matmul(softmax(logits), first)), [x.shape[0]!]);
  });
}

/** Σ of weighted particles of a function. */
const averageOf = (data: Float32Array, logs: Float64Array, f: (a: number, b: number) => number) =>
  logs.reduce((sum, value, i) => sum + Math.exp(value) * f(data[2 * i]!, data[2 * i + 1]!), 0);

describe('weights', () => {
  it('of particles make a class exact, beside a measurement', async () => {
    // p(class 1, a = 0.9 ± 0.3): a of component k is N(m, s²), so p(a) = N(0.9; m, s² + 0.09).
    const terms = mixture.means.map(([m], k) => {
      const s = [0.3, 0.5, 0.4, 0.2][k]!;
      const total = s * s + 0.09;
      const density = Math.exp((-0.5 * (0.9 - m!) ** 2) / total) / Math.sqrt(2 * Math.PI * total);
      return { weight: labels[k]! * mixture.weights[k]! * density, b: mixture.means[k]![1]! };
    });
    const total = terms.reduce((sum, { weight }) => sum + weight, 0);
    const meanOfB = terms.reduce((sum, { weight, b }) => sum + (weight / total) * b, 0);
    const found = await smc({
      engine: onnx,
      sde,
      model,
      observation: await observed(all('a = 0.9 ± 0.3', classesGiven(classifier, [0, 1]))),
      twist: makeGuidance('mmps'),
      halved: false,
      populations: 8,
    });
    // Over seeds, the standard deviations of these two are 0.08 and 0.06.
    expect(Math.abs(found.evidence.logEvidence - Math.log(total))).toBeLessThan(0.2);
    expect(Math.abs(averageOf(found.data, found.logWeights, (_, b) => b) - meanOfB)).toBeLessThan(0.18);
  });

  it.each(['smc', 'importance'])('of %s correct a classifier that is wrong under noise', async way => {
    // Right at x₀, and half as sure as it should be where there is noise.
    const exact = classesGiven(classifier, [0, 1]);
    const [known] = await exact.on({ shape: [2] });
    if (known?.kind !== 'noisy') throw new Error('a noisy part was expected');
    const shy = {
      name: 'shy',
      on: async () => [
        {
          ...known,
          logLikelihood: (...[weights, at, t]: Parameters<typeof known.logLikelihood>) => {
            const [factor] = coefficients(time => [time < 0.01 ? 1 : 0.5], t);
            return mul(known.logLikelihood(weights, at, t), factor);
          },
        },
      ],
    };
    const options = { engine: onnx, sde, model, observation: await observed(shy) };
    const guidance = makeGuidance('classifier');
    const found =
      way === 'smc'
        ? await smc({ ...options, twist: guidance, halved: false })
        : await importance({
            ...options,
            guidance,
            solver: makeSolver('rk45'),
            tolerances: { rtol: 1e-3, atol: 1e-3 },
            count: 1024,
          });
    expect(Math.abs(found.evidence.logEvidence - Math.log(1 / 3))).toBeLessThan(0.1);
    // Of class 1, 0.3 are of the component at (1, 1).
    const share = averageOf(found.data, found.logWeights, (_, b) => b);
    expect(Math.abs(share - (0.3 * 1 + 0.7 * -0.2))).toBeLessThan(0.12);
  });

  it('refuse what does not fit, in words', async () => {
    expect(() => classesGiven(classifier, [1])).toThrow(/2 numbers/);
    expect(() => classesGiven(classifier, [0, 0])).toThrow(/some are not 0/);
    const wide = await measurementOf(classesGiven(classifier, [1, 0])).on({ shape: [3] });
    expect(() => observe(wide, ownUnits([3]))).toThrow(/another shape.*got "\[2\]"/);
    const mixed = await observed(all('a = 1', classesGiven(classifier, [1, 0])));
    expect(() => measuredModel(sde, model, mixed, makeGuidance('classifier'))).toThrow(
      /no other measurement/,
    );
  });
});
