import { mkdtemp, readFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { finiteDataset } from '../../src/data/index.ts';
import { makeEngine } from '../../src/engine/index.ts';
import { fillNormal, fillUniform, key } from '../../src/random/index.ts';
import { makeSde } from '../../src/registry/sdes.ts';
import { openClassifier } from '../../src/run/classifier.ts';
import { openRun } from '../../src/run/run.ts';
import type { TrainClassifierOptions } from '../../src/run/train/classifier/options.ts';
import { trainClassifier } from '../../src/run/train/classifier/train.ts';
import { train } from '../../src/run/train/train.ts';
import { givenClasses } from '../../src/run/use/given/classes.ts';
import { sample } from '../../src/run/use/sample.ts';
import { mixtureModel } from '../../src/score/analytic/index.ts';
import type { Classifier } from '../../src/score/classifier/contract.ts';
import { mixtureClassifier } from '../../src/score/classifier/mixture.ts';
import { classifierNet, classifierNets } from '../../src/score/classifier/nets.ts';
import { networkClassifier } from '../../src/score/classifier/network.ts';
import { vjp } from '../../src/tensor/index.ts';
import { values } from '../support/draw.ts';

const engine = await makeEngine('onnx');
const sde = await makeSde('vp');
/** Two classes that overlap: 30 % of "low" around (−1, 0), 70 % of "high" around (0.7, 0.5). */
const mixture = {
  weights: [0.3, 0.7],
  means: [
    [-1, 0],
    [0.7, 0.5],
  ],
  stds: [0.6, 0.5],
};

/** Rows of the mixture with their classes. */
function rows(count: number, seed: number) {
  const u = new Float64Array(count);
  fillUniform(u, key(seed, 'toy'), { step: 0, first: 0, size: 1 });
  const labels = Int32Array.from(u, value => Number(value > 0.3));
  const parts = mixture.means.map((mean, k) =>
    mixtureModel({ means: [mean], stds: mixture.stds[k]! }, sde).sample(count, seed + k),
  );
  const x = Float64Array.from({ length: 2 * count }, (_, i) => parts[labels[i >> 1]!]!.data[i]!);
  return { x, labels };
}

function toy(count = 4096, seed = 1) {
  const { x, labels } = rows(count, seed);
  const table = {
    where: 'toy',
    values: x,
    count,
    shape: [2],
    labels: { source: 'side', classes: ['low', 'high'], values: labels },
  };
  return finiteDataset('toy', table, { scaling: 'none' });
}
const data = toy();
const quick = (options: Partial<TrainClassifierOptions> = {}) =>
  trainClassifier({
    data,
    net: { name: 'mlp', width: 32, depth: 1 },
    steps: 600,
    batch: 256,
    learningRate: 5e-3,
    engine,
    ...options,
  });

/** The mean of −log p(y | x_t) of fresh rows, and the share that is right. */
async function told(classifier: Classifier, t: number) {
  const count = 4096;
  const { x, labels } = rows(count, 99);
  const { scale, std } = sde.marginal(t);
  const noise = new Float32Array(2 * count);
  fillNormal(noise, key(7, 'toy'), { step: 0, first: 0, size: 2 });
  const xt = Float32Array.from(x, (value, i) => scale * value + std * noise[i]!);
  const program = engine.compile<null>(
    (weights, [at]) => [classifier.logProbabilities(weights, at!, t)],
    classifier.weights,
  );
  const [out] = await program.run([engine.put({ data: xt, shape: [count, 2] })], null);
  const logs = await engine.read(out!);
  await program.dispose();
  let [nats, right] = [0, 0];
  labels.forEach((label, i) => {
    nats -= logs[2 * i + label]! / count;
    right += Number(logs[2 * i + label]! >= logs[2 * i + 1 - label]!) / count;
  });
  return { nats, right };
}

const run = await quick();

describe('a trained classifier of noisy samples', () => {
  it.each([1e-3, 0.1, 0.3, 0.7])('comes near the exact one at t = %d', async t => {
    const [found, exact] = [await told(run.classifier, t), await told(mixtureClassifier(mixture, sde), t)];
    expect(found.nats).toBeLessThan(exact.nats + 0.02);
    expect(found.right).toBeGreaterThan(exact.right - 0.02);
  });

  it('says how good it is on rows that it did not see, beside what needs no classifier', async () => {
    const validated = { ...data, validation: toy(500, 5) };
    const { accuracy, validation } = await quick({ data: validated, report: true });
    expect(accuracy).toMatchObject({ part: 'validation', rows: 500, largest: { class: 'high' } });
    expect(accuracy!.frequencies).toBeCloseTo(-0.3 * Math.log(0.3) - 0.7 * Math.log(0.7), 1);
    const { levels, largest } = accuracy!;
    expect(levels[0]!.accuracy).toBeGreaterThan(largest.accuracy + 0.1);
    for (const [i, level] of levels.slice(1).entries())
      expect(level.crossEntropy).toBeGreaterThan(levels[i]!.crossEntropy - 0.03);
    expect(levels.at(-1)!.crossEntropy).toBeLessThan(accuracy!.frequencies + 0.02);
    expect(validation!.best).toBeGreaterThan(0);
  });

  it('guides a run to a class, with weights that know its share', async () => {
    const model = await train({ data, net: { name: 'mlp', width: 32, depth: 1 }, steps: 50, engine });
    const exact = { ...model, model: mixtureModel(mixture, sde) };
    const given = givenClasses(exact, run, { low: 1 });
    const { data: x, certificate } = await sample(exact, { given, count: 500, engine });
    const mean = x.reduce((sum, value, i) => sum + (i % 2 === 0 ? value / 500 : 0), 0);
    expect(Math.abs(mean + 1)).toBeLessThan(0.15);
    expect(Math.abs(Math.exp(certificate!.logEvidence!) - 0.3)).toBeLessThan(0.05);
  });

  it('is a function of its seed, and resumes to the same bytes', async () => {
    const dir = await mkdtemp(join(tmpdir(), 'langevin-'));
    const settings = { steps: 150, checkpointEvery: 50 };
    const whole = await quick({ ...settings, out: join(dir, 'whole') });
    expect((await quick(settings)).params).toEqual(whole.params);
    expect((await quick({ ...settings, seed: 1 })).params).not.toEqual(whole.params);
    const stop = new AbortController();
    const onProgress = ({ step }: { step: number }) => step === 100 && stop.abort();
    const out = join(dir, 'parts');
    await expect(quick({ ...settings, out, signal: stop.signal, onProgress })).rejects.toThrow(/abort/i);
    await trainClassifier({ data, engine, out, resume: true });
    for (const name of ['config.json', 'model.safetensors', 'state.safetensors', 'state.json'])
      expect(await readFile(join(out, name)), name).toEqual(await readFile(join(dir, 'whole', name)));
    const opened = await openClassifier(out);
    expect(opened.classifier.weights.map(({ data }) => data)).toEqual(
      whole.classifier.weights.map(({ data }) => data),
    );
    await expect(openRun(out)).rejects.toThrow(/is a classifier.*--classifier/);
  });

  it('refuses data without classes, and runs that it does not fit', async () => {
    const { labels: _labels, ...bare } = data;
    await expect(quick({ data: bare })).rejects.toThrow(/needs the classes/);
    await expect(quick({ net: 'energy' })).rejects.toThrow(/Unknown network of classifiers/);
    const model = await train({ data: bare, net: { name: 'mlp', width: 8, depth: 1 }, steps: 10, engine });
    expect(() => givenClasses(model, run, { lo: 1 })).toThrow(/Did you mean "low"/);
    const wide = { ...model.config.data, shape: [3] as [number] };
    const scaled = { shift: [0, 0], scale: [1, 2], bins: false };
    for (const [other, what] of [
      [{ ...model, config: { ...model.config, data: wide } }, 'columns'],
      [{ ...model, config: { ...model.config, transform: scaled } }, 'units'],
      [{ ...model, sde: await makeSde('ve') }, 'noise'],
    ] as const)
      expect(() => givenClasses(other, run, { low: 1 })).toThrow(`with other ${what} than`);
    await expect(quick({ for: model, sde: 've' })).rejects.toThrow(/has the SDE of the run/);
    expect((await quick({ for: model, steps: 10 })).config.transform).toEqual(model.config.transform);
  });
});

describe.each(Object.keys(classifierNets))('the network %s', name => {
  it('starts with equal classes, and each row is told by itself', async () => {
    const shape = [1, 8, 8];
    const net = classifierNet({ name, classes: 3, width: 32, ...(name !== 'mlp' && { blocks: 1 }) }, shape);
    const classifier = networkClassifier(net, net.init(1), sde, shape);
    const program = engine.compile<null>((weights, [x]) => {
      const { value, product } = vjp(
        at => classifier.logProbabilities(weights, at, 0.3),
        x!,
        classifier.logProbabilities(weights, x!, 0.3),
      );
      return [value, product];
    }, classifier.weights);
    const of = async (count: number) => {
      const x = { data: values(3, 128, -1, 1).slice(0, 64 * count), shape: [count, ...shape] };
      const [logs, slope] = await program.run([engine.put(x)], null);
      return { logs: await engine.read(logs!), slope: await engine.read(slope!) };
    };
    const [one, two] = [await of(1), await of(2)];
    for (const log of two.logs) expect(log).toBeCloseTo(-Math.log(3), 4);
    expect(two.slope).toHaveLength(128);
    one.logs.forEach((log, i) => {
      expect(two.logs[i]!).toBeCloseTo(log, 6);
    });
    await program.dispose();
  });
});
