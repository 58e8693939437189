import { mkdtemp, readFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { finiteDataset, type Table } from '../../src/data/index.ts';
import { makeEngine } from '../../src/engine/index.ts';
import { checkOnnx } from '../../src/export/check.ts';
import { exportOnnx } from '../../src/export/onnx.ts';
import { fillNormal, key } from '../../src/random/index.ts';
import { openRun } from '../../src/run/run.ts';
import type { TrainOptions } from '../../src/run/train/options.ts';
import { train } from '../../src/run/train/train.ts';
import { sampleClasses } from '../../src/run/use/classes.ts';
import { ofClass, ofClasses } from '../../src/run/use/labels.ts';
import { logLikelihood } from '../../src/run/use/likelihood.ts';
import { sample } from '../../src/run/use/sample.ts';
import { guidedModel } from '../../src/score/labels.ts';

const engine = await makeEngine('onnx');

/** Points around −3 (left) and 3 (right); a quarter of them are left. */
function table(count = 512): Table {
  const noise = new Float32Array(count);
  fillNormal(noise, key(1, 'toy'), { step: 0, first: 0, size: 1 });
  const values = Int32Array.from({ length: count }, (_, i) => Number(i % 4 > 0));
  return {
    where: 'toy',
    values: Float64Array.from(noise, (z, i) => 0.5 * z + 6 * values[i]! - 3),
    count,
    shape: [1],
    labels: { source: 'side', classes: ['left', 'right'], values },
  };
}
const toy = finiteDataset('toy', table(), {});
const quick = (options: Partial<TrainOptions> = {}) =>
  train({
    data: toy,
    net: { name: 'mlp', width: 32, depth: 1 },
    steps: 500,
    batch: 128,
    learningRate: 1e-2,
    engine,
    ...options,
  });
const run = await quick();
const draw = (options: object) => sample(run, { count: 256, steps: 12, engine, ...options });
const mean = (values: Float64Array) => values.reduce((sum, x) => sum + x, 0) / values.length;

describe('a run with labels', () => {
  it('stores its classes', () => {
    expect(run.config.labels).toEqual({ source: 'side', classes: ['left', 'right'], dropout: 0.1 });
    expect(run.config.net.classes).toBe(2);
  });

  it.each([
    ['left', -3],
    ['right', 3],
    [1, 3],
  ])('samples of the label %s are in its mode', async (label, centre) => {
    const { data } = await draw({ label });
    expect(Math.abs(mean(data) - centre)).toBeLessThan(0.25);
    expect(data.filter(x => Math.sign(x) !== Math.sign(centre)).length).toBeLessThan(4);
  });

  it('without a label samples are in both modes, in their proportion', async () => {
    const { data } = await draw({});
    const left = data.filter(x => x < 0).length / data.length;
    expect(left).toBeGreaterThan(0.13);
    expect(left).toBeLessThan(0.37);
  });

  it('p(x) is about Σ p(label)·p(x | label)', async () => {
    const longer = await quick({ steps: 1500, labelDropout: 0.3 });
    const x = { data: Float32Array.of(-3.4, -2.8, 2.5, 3.1), shape: [4, 1] };
    const [all, left, right] = await Promise.all(
      [{}, { label: 'left' }, { label: 'right' }].map(
        async o =>
          (await logLikelihood(longer, x, { engine, solver: 'heun', steps: 60, ...o })).logProbability,
      ),
    );
    const mixed = left!.map((l, i) => Math.log(0.25 * Math.exp(l) + 0.75 * Math.exp(right![i]!)));
    expect(all!).toBeAllClose(mixed, 0.25);
  });
});

describe('guidance', () => {
  it('of weight 0 is the model of the label, bit for bit, at the same cost', async () => {
    const [plain, zero] = [await draw({ label: 'left' }), await draw({ label: 'left', guidance: 0 })];
    expect(zero).toEqual(plain);
  });

  it('of weight −1 is the model without a label, at two evaluations instead of one', async () => {
    const [none, back] = [await draw({}), await draw({ label: 'left', guidance: -1 })];
    expect(back.data).toBeAllClose(none.data, 1e-5);
    expect(back.evaluations).toBe(2 * none.evaluations);
  });

  it.each(['cpu', 'wasm', 'onnx'] as const)('is (1 + w)·F(label) − w·F(none) on %s', async name => {
    const other = await makeEngine(name);
    const x = Float32Array.from({ length: 8 }, (_, i) => i / 2 - 2);
    const at = async (model: typeof run.model) => {
      const program = other.compile<number>((w, [y], t) => [model.raw(w, y!, t)], model.weights);
      const value = other.put({ data: x, shape: [8, 1] });
      const [result] = await program.run([value], 0.4);
      return other.read(result!);
    };
    const [label, none] = [await at(guidedModel(run.model, 0, 0)), await at(run.model)];
    const wanted = label.map((f, i) => 2.5 * f - 1.5 * none[i]!);
    expect(await at(guidedModel(run.model, 0, 1.5))).toBeAllClose(wanted, 1e-5);
    expect(label).not.toEqual(none);
    // A product with p(x | label)/p(x) to the power 1 + w is the same model.
    expect(await at(ofClasses(run, { left: 2.5 }).model)).toBeAllClose(wanted, 1e-5);
  });
});

describe('guidance in an interval of times', () => {
  const interval = [0.2, 0.6] as const;
  const weight = (t: number) => 1 + 2 * t;

  it('is the guidance of that weight within, and the model of the label without', async () => {
    const x = Float32Array.from({ length: 8 }, (_, i) => i / 2 - 2);
    const at = async (model: typeof run.model, t: number | Float64Array) => {
      const program = engine.compile<number>((w, [y]) => [model.raw(w, y!, t)], model.weights);
      const [result] = await program.run([engine.put({ data: x, shape: [8, 1] })], 0);
      return engine.read(result!);
    };
    const guided = guidedModel(run.model, 0, { weight, interval });
    for (const [t, w] of [
      [0.1, 0],
      [0.2, 1.4],
      [0.5, 2],
      [0.7, 0],
    ] as const)
      expect(await at(guided, t)).toBeAllClose(await at(guidedModel(run.model, 0, w), t), 1e-6);
    // The same where each sample has its own time.
    const times = Float64Array.from({ length: 8 }, (_, i) => (i % 2 ? 0.5 : 0.9));
    const [within, without] = [
      await at(guidedModel(run.model, 0, 2), times),
      await at(guidedModel(run.model, 0, 0), times),
    ];
    expect(await at(guided, times)).toBeAllClose(
      Array.from(within, (f, i) => (i % 2 ? f : without[i]!)),
      1e-6,
    );
  });

  it('of all times is guidance, and of none is the label, bit for bit', async () => {
    const constant = await draw({ label: 'left', guidance: 2 });
    const all = await draw({ label: 'left', guidance: { weight: () => 2, interval: [0, 1] } });
    expect(all.data).toEqual(constant.data);
    const none = await draw({ label: 'left', guidance: { weight: 0, interval: [0, 1] } });
    expect(none.data).toEqual((await draw({ label: 'left' })).data);
    const some = await draw({ label: 'left', guidance: { weight: 2, interval } });
    expect(some.data).not.toEqual(constant.data);
    expect(some.data).not.toEqual(none.data);
  });

  it('is refused where it is none, and where its weight is no number', async () => {
    const of = (guidance: object) => draw({ label: 'left', guidance });
    await expect(of({ weight: 2, interval: [0.6, 0.2] })).rejects.toThrow(/interval.*the lesser first/s);
    await expect(of({ weight: 2, interval: [5, 9] })).rejects.toThrow(/no time of the SDE.*0 \(data\) to 1/s);
    await expect(of({ weight: () => Number.NaN })).rejects.toThrow(/guidance at t = /);
  });
});

describe('sample i of a label', () => {
  it('has the same bits alone, among few and among many, with or without guidance', async () => {
    for (const guidance of [0, 2]) {
      const [many, few, one] = await Promise.all([
        draw({ label: 'right', guidance, count: 100 }),
        draw({ label: 'right', guidance, count: 9, batch: 4 }),
        draw({ label: 'right', guidance, count: 1, first: 7 }),
      ]);
      expect(few.data).toEqual(many.data.slice(0, 9));
      expect(one.data).toEqual(many.data.slice(7, 8));
    }
  });

  it('is the same if all classes are requested', async () => {
    const seen: number[] = [];
    const all = await sampleClasses(run, {
      ...{ count: 8, steps: 12, engine },
      onProgress: ({ fraction }) => seen.push(fraction),
    });
    const right = await draw({ label: 'right', count: 4 });
    expect(all.data.slice(4)).toEqual(right.data);
    expect([...all.classes]).toEqual([0, 0, 0, 0, 1, 1, 1, 1]);
    expect(seen).toEqual(seen.toSorted((a, b) => a - b));
    expect(seen.at(-1)).toBe(1);
    await expect(sampleClasses(run, { count: 9, engine })).rejects.toThrow(/multiple of 2/);
  });
});

describe('label dropout', () => {
  it('of 1 makes the labels irrelevant: the weights are those of any other labels', async () => {
    const { labels, ...rest } = table();
    const mixed = { ...labels!, values: labels!.values.toReversed() };
    const other = finiteDataset('toy', { ...rest, labels: mixed }, {});
    const [one, two] = await Promise.all(
      [toy, other].map(data => quick({ data, steps: 50, labelDropout: 1 })),
    );
    expect(two!.params).toEqual(one!.params);
    const told = one!.params['block0.label.weight']!.data;
    expect(told.slice(0, 64).every(value => value === 0)).toBe(true);
    expect(told.slice(64).some(value => value !== 0)).toBe(true);
  });

  it('of 0 never trains the model without a label', async () => {
    const { params } = await quick({ steps: 50, labelDropout: 0 });
    expect(params['block0.label.weight']!.data.slice(64).every(value => value === 0)).toBe(true);
  });
});

it('stopped and resumed, it ends with the bytes of a run that never stopped', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'labelled-'));
  const [whole, parted] = [join(folder, 'whole'), join(folder, 'parted')];
  const options = { steps: 200, checkpointEvery: 50 };
  await quick({ ...options, out: whole });
  const stop = new AbortController();
  const stopped = quick({
    ...{ ...options, out: parted, signal: stop.signal },
    onProgress: ({ step }) => step === 150 && stop.abort(),
  });
  await expect(stopped).rejects.toThrow();
  await train({ data: toy, engine, out: parted, resume: true });
  for (const file of ['config.json', 'model.safetensors', 'state.safetensors'])
    expect(await readFile(join(parted, file))).toEqual(await readFile(join(whole, file)));
  const opened = await openRun(whole);
  expect(await sample(opened, { count: 4, label: 'left', engine })).toEqual(
    await sample(await openRun(parted), { count: 4, label: 'left', engine }),
  );
  const { labels: _, ...plain } = table();
  const other = train({ data: finiteDataset('toy', plain, {}), engine, out: parted, resume: true });
  await expect(other).rejects.toThrow(/labels are not those of the run/);
});

it('an exported class equals that of the library', async () => {
  for (const told of [{ label: 'left' }, { label: 'right', guidance: 1 }]) {
    const one = ofClass(run, told);
    for (const what of ['score', 'sampler'] as const) {
      const options = { what, steps: 4 };
      expect(await checkOnnx(one, exportOnnx(one, options), options, engine)).toBeLessThan(1e-4);
    }
  }
});

describe('errors name', () => {
  it('labels that the run does not have', async () => {
    await expect(draw({ label: 'lefd' })).rejects.toThrow(/Did you mean "left"/);
    await expect(draw({ label: 2 })).rejects.toThrow(/Unknown label "2"/);
    await expect(draw({ label: 'left', guidance: Number.NaN })).rejects.toThrow(/guidance/);
    await expect(draw({ guidance: 1 })).rejects.toThrow(/Name the class: --label left/);
  });

  it('labels of a run without labels, with the remedy', async () => {
    const { labels: _, ...plain } = table();
    const data = finiteDataset('toy', plain, {});
    const none = await quick({ data, steps: 1 });
    const use = { count: 1, steps: 2, engine };
    await expect(sample(none, { ...use, label: 'left' })).rejects.toThrow(/has no classes.*--labels/s);
    await expect(sampleClasses(none, use)).rejects.toThrow(/has no classes.*--labels/s);
    await expect(quick({ data, labelDropout: 0.5 })).rejects.toThrow(/no labels.*--labels/s);
    await expect(quick({ labelDropout: 1.5 })).rejects.toThrow(/0 to 1/);
  });
});
