import { describe, expect, it } from 'vitest';
import { makeEngine } from '../../src/engine/index.ts';
import { checkOnnx } from '../../src/export/check.ts';
import { exportOnnx } from '../../src/export/onnx.ts';
import { exportSafetensors } from '../../src/export/safetensors.ts';
import { readSafetensors } from '../../src/files/index.ts';
import { fillNormal, key } from '../../src/random/index.ts';
import type { Run } from '../../src/run/run.ts';
import { sample } from '../../src/run/use/sample.ts';
import type { ScoreNet } from '../../src/score/contract.ts';
import { networkModel } from '../../src/score/model.ts';
import { problemOf } from '../../src/solve/problem.ts';
import * as T from '../../src/tensor/index.ts';
import { scalesOfConfig } from '../support/affine.ts';
import { drawnRun, normal, runModel } from './support.ts';

const engine = await makeEngine('onnx');
const times = (sde: Run['sde'], rows: number) =>
  Float32Array.from({ length: rows }, (_, i) => 1e-5 * (sde.tMax / 1e-5) ** (i / (rows - 1)));

/** The field from the library, with float64 coefficients and in the units of the data. */
async function fieldOf(
  run: Run,
  what: 'score' | 'data',
  x: Float32Array,
  t: Float32Array,
): Promise<Float32Array> {
  const { shift, scale } = scalesOfConfig(run.config);
  const size = shift.length;
  const z = {
    data: x.map((value, i) => (value - shift[i % size]!) / scale[i % size]!),
    shape: [t.length, ...run.model.shape],
  };
  const program = engine.compile<Float64Array>(
    (w, [y], at) => [problemOf(run.sde, run.model, w)[what](y!, at)],
    run.model.weights,
  );
  const [y] = await program.run(
    [engine.put(z)],
    Float64Array.from(t, value => Math.min(run.sde.tMax, value)),
  );
  const data = await engine.read(y!);
  await program.dispose();
  return data.map((value, i) =>
    what === 'score' ? value / scale[i % size]! : shift[i % size]! + scale[i % size]! * value,
  );
}

const relative = (got: Float32Array, wanted: Float32Array, size: number) => {
  const rows = Array.from({ length: got.length / size }, (_, i) => {
    const [a, b] = [got, wanted].map(all => all.subarray(i * size, (i + 1) * size));
    const norm = (values: Float32Array) => Math.hypot(...values);
    return norm(a!.map((value, j) => value - b![j]!)) / norm(b!);
  });
  return Math.max(...rows);
};

describe.each([
  'vp',
  'sub-vp',
  've',
  'rectified-flow',
  { name: 'vp', schedule: 'cosine' },
  { name: 've', schedule: 'edm' },
])('a score and a denoiser under %o', sde => {
  it.each(['score', 'denoiser'] as const)(
    '%s in a fresh session equals that of the library, at any batch and time',
    async what => {
      const run = await drawnRun(sde as never);
      const { bytes, metadata, inputs } = exportOnnx(run, { what });
      expect(inputs).toEqual({ x: ['batch', 3], t: ['batch'] });
      expect(Number(metadata['langevin.time_error'])).toBeLessThan(1e-5);
      for (const rows of [1, 2, 40]) {
        const t = rows === 1 ? Float32Array.of(0.3) : times(run.sde, rows);
        const x = normal(rows, [rows, 3]);
        const result = await runModel(bytes, { x, t: { data: t, shape: [rows] } });
        const wanted = await fieldOf(run, what === 'score' ? 'score' : 'data', x.data, t);
        expect(result[what]!.shape).toEqual([rows, 3]);
        expect(relative(result[what]!.data, wanted, 3)).toBeLessThan(1e-5);
      }
    },
  );
});

describe('a file', () => {
  it('describes itself', async () => {
    const { metadata } = exportOnnx(await drawnRun('vp'));
    expect(metadata).toMatchObject({
      'langevin.what': 'score',
      'langevin.opset': '18',
      'langevin.prediction': 'velocity',
      'langevin.time': 't in [0.00001, 1], 0 is data and 1 is noise',
    });
    expect(JSON.parse(metadata['langevin.sde']!)).toEqual({ name: 'vp' });
    expect(JSON.parse(metadata['langevin.transform']!).scale).toEqual([1, 1.25, 1.5]);
  });

  it('contains only standard operators', async () => {
    const run = await drawnRun('vp');
    for (const what of ['score', 'sampler'] as const)
      expect(Buffer.from(exportOnnx(run, { what }).bytes).includes('com.microsoft')).toBe(false);
  });

  it('has the requested number of rows, or any', async () => {
    const run = await drawnRun('vp');
    expect(exportOnnx(run, { batch: 4 }).inputs).toEqual({ x: [4, 3], t: [4] });
    expect(() => exportOnnx(run, { batch: 0 })).toThrow(/above 0/);
    expect(() => exportOnnx(run, { what: 'scores' as never })).toThrow(/Did you mean "score"/);
    await expect(async () =>
      exportOnnx(run, { what: 'sampler', solver: 'langevine' as never }),
    ).rejects.toThrow(/langevin/);
  });
});

/** A network with the parts of image networks: convolution, normalisation, resampling, attention. */
const images = {
  name: 'images',
  predicts: 'noise',
  init: () => ({}),
  apply(_params: T.Params, x: T.Tensor, condition: T.Tensor) {
    const [rows, , height, width] = x.shape as [number, number, number, number];
    const filter = (o: number, i: number) => T.fromHost(normal(o, [o, i, 3, 3]).data, [o, i, 3, 3]);
    const ones = T.fromHost(new Float32Array(4).fill(1), [4]);
    const told = T.reshape(condition, [condition.shape[0]!, 1, 1, 1]);
    const h = T.groupNorm(T.add(T.conv2d(x, filter(4, 1), ones, { padding: 1 }), told), ones, ones, 2);
    const small = T.meanPool2(T.silu(h));
    const flat = T.reshape(small, [rows, 4, (height * width) / 4]);
    const attention = T.matmul(T.softmax(T.matmul(flat, flat, true)), flat, false, true);
    const mixed = T.reshape(T.transpose(attention, [0, 2, 1]), small.shape);
    return T.conv2d(T.upsample2(mixed), filter(1, 4), undefined, { padding: 1 });
  },
} satisfies ScoreNet;

describe('a network of images', () => {
  it('has an open batch size and standard operators, for score and sampler alike', async () => {
    const run = await drawnRun('vp', [1, 4, 4]);
    const model = networkModel(images, {}, run.sde, [1, 4, 4]);
    const whole = { ...run, model };
    const score = exportOnnx(whole);
    expect(Buffer.from(score.bytes).includes('com.microsoft')).toBe(false);
    for (const rows of [1, 3]) {
      const [x, t] = [normal(rows, [rows, 1, 4, 4]), times(run.sde, 3).subarray(0, rows)];
      const result = await runModel(score.bytes, { x, t: { data: t, shape: [rows] } });
      expect(relative(result.score!.data, await fieldOf(whole, 'score', x.data, t), 16)).toBeLessThan(1e-5);
    }
    const sampler = { what: 'sampler', solver: 'unipc', steps: 6 } as const;
    expect(await checkOnnx(whole, exportOnnx(whole, sampler), sampler, engine)).toBeLessThan(1e-4);
  });
});

describe('the check', () => {
  it('accepts a correct file of every kind, and refuses the file of another model', async () => {
    const [run, other] = [await drawnRun('ve'), await drawnRun('ve', [3], { depth: 1 })];
    for (const options of [
      { what: 'score' },
      { what: 'denoiser', batch: 3 },
      { what: 'sampler', solver: 'ancestral', steps: 12 },
      { what: 'sampler', solver: { name: 'predictor-corrector', predictor: 'ddim' }, steps: 12, batch: 2 },
    ] as const) {
      const made = exportOnnx(run, options);
      expect(await checkOnnx(run, made, options, engine)).toBeLessThan(1e-4);
      await expect(checkOnnx(other, made, options, engine)).rejects.toThrow(/give different results/);
    }
  });
});

it('weights are exported by name with their configuration', async () => {
  const run = await drawnRun('vp');
  const { tensors, metadata } = readSafetensors(exportSafetensors(run), 'weights');
  expect([...tensors.keys()]).toEqual(Object.keys(run.params).sort());
  expect(tensors.get('input.weight')).toMatchObject({
    shape: [3, 16],
    data: run.params['input.weight']!.data,
  });
  expect(JSON.parse(metadata!.config!)).toEqual(run.config);
});

/**
 * The random draws of the library for rows 0 … in the order of a sampler: all draws of a step, then those of
 * the next step.
 */
function drawsOf(
  seed: number,
  streams: readonly string[],
  steps: number,
  rows: number,
  size: number,
): Float32Array {
  const out = new Float32Array(steps * streams.length * rows * size);
  for (let step = 0; step < steps; step++)
    for (const [j, stream] of streams.entries()) {
      const at = (step * streams.length + j) * rows * size;
      fillNormal(out.subarray(at, at + rows * size), key(seed, stream), { step, first: 0, size });
    }
  return out;
}

describe('a sampler in a fresh session', () => {
  const rows = 6;
  it.each([
    [{}, []],
    [{ solver: 'ddim', steps: 12, grid: 'log-snr' }, []],
    [{ solver: { name: 'dpm-solver++', order: 3 }, steps: 9, denoise: false }, []],
    [{ solver: 'unipc', steps: 7 }, []],
    [{ solver: 'rk45', steps: 5 }, []],
    [{ solver: 'heun', steps: 1 }, []],
    [{ solver: 'euler-maruyama', steps: 30 }, ['path']],
    [{ solver: { name: 'dpm-solver++-sde', order: 3 }, steps: 8 }, ['path']],
    [{ solver: { name: 'predictor-corrector', steps: 2 }, steps: 10 }, ['path', 'fresh-1', 'fresh-2']],
  ] as const)('%o draws the same as the library', async (options, streams) => {
    const run = await drawnRun('vp');
    const { bytes, inputs } = exportOnnx(run, { what: 'sampler', ...options });
    const steps = 'steps' in options ? options.steps : 40;
    const start = { data: drawsOf(3, ['prior'], 1, rows, 3), shape: [rows, 3] };
    const noise = { data: drawsOf(3, streams, steps, rows, 3), shape: [streams.length * steps, rows, 3] };
    expect(inputs).toEqual({
      start: ['batch', 3],
      ...(streams.length > 0 && { noise: [streams.length * steps, 'batch', 3] }),
    });
    const { samples } = await runModel(bytes, streams.length > 0 ? { start, noise } : { start });
    const wanted = await sample(run, { ...(options as object), engine, count: rows, batch: rows, seed: 3 });
    expect(relative(samples!.data, Float32Array.from(wanted.data), 3)).toBeLessThan(1e-4);
  });

  it('needs no more bytes than its weights and its times', async () => {
    const run = await drawnRun('vp', [3], { width: 128, depth: 3 });
    const weights = Object.values(run.params).reduce((sum, { data }) => sum + data.byteLength, 0);
    const sized = (steps: number) =>
      exportOnnx(run, { what: 'sampler', solver: 'unipc', steps }).bytes.length;
    expect(sized(10)).toBeLessThan(1.2 * weights);
    expect(sized(1000)).toBeLessThan(1.5 * weights);
  });
});

describe('units', () => {
  const inUnits = async (shift: number, scale: number) => {
    const run = await drawnRun('vp', [2]);
    const transform = { shift: [0, shift], scale: [1, scale], bins: false };
    const data = { ...run.config.data, columns: ['height', 'day'] };
    return { ...run, config: { ...run.config, data, transform } };
  };

  it.each(['score', 'denoiser', 'sampler'] as const)(
    'a standardised %s is independent of the units',
    async what => {
      const x = normal(1, [4, 2]);
      const feeds =
        what === 'sampler'
          ? { start: x }
          : { x, t: { data: Float32Array.of(1e-5, 0.1, 0.5, 1), shape: [4] } };
      const of = async (run: Run, units: 'data' | 'standardised') => {
        const { bytes, metadata } = exportOnnx(run, { what, units });
        expect(metadata['langevin.units']).toBe(units);
        return [...(await runModel(bytes, feeds))[what === 'sampler' ? 'samples' : what]!.data];
      };
      const wanted = await of(await inUnits(0, 1), 'data');
      expect(await of(await inUnits(2_459_000, 1), 'standardised')).toEqual(wanted);
    },
  );

  it.each([
    ['large beside their spread', 2_459_000, 1],
    ['beyond the range of float32', 0, 1e-40],
  ])('data that are %s are refused with the name of the column', async (_, shift, scale) => {
    const run = await inUnits(shift, scale);
    expect(() => exportOnnx(run)).toThrow(/column "day": float32 cannot hold .*--units standardised/);
    expect(() => exportOnnx(run, { units: 'metres' as 'data' })).toThrow('metres');
  });
});
