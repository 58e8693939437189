import type { AffineTransform } from '../data/index.ts';
import type { Engine } from '../engine/index.ts';
import { runModel } from '../engine/onnx/native/runtime.ts';
import { failure } from '../errors.ts';
import { fillNormal, key } from '../random/index.ts';
import { makeGrid } from '../registry/grids.ts';
import { makeSolver } from '../registry/solvers.ts';
import type { Run } from '../run/run.ts';
import { defaultSampler } from '../run/use/sample.ts';
import { problemOf } from '../solve/problem.ts';
import { priorDraw, sample } from '../solve/sample.ts';
import { type PlainTensor, sizeOf } from '../tensor/index.ts';
import { draws } from './draws.ts';
import type { OnnxExport, OnnxOptions } from './onnx.ts';
import { unitsOf } from './units.ts';

/** The largest relative difference. Float32 rounding over a network and many steps stays well below it. */
const ALLOWED = 1e-3;

/**
 * Runs an exported model in a session of its own and compares it with the library on random inputs. Returns
 * the largest distance between two rows that should be equal, relative to the largest row.
 * @throws failure if they differ by more than 1e-3
 */
export async function checkOnnx(
  run: Run,
  exported: OnnxExport,
  options: OnnxOptions,
  engine: Engine,
): Promise<number> {
  const rows = typeof options.batch === 'number' ? options.batch : 4;
  const { what = 'score' } = options;
  const { feeds, expected } =
    what === 'sampler'
      ? await samplerTrial(run, exported, options, engine, rows)
      : await fieldTrial(run, what, unitsOf(run, options.units), engine, rows);
  const result = (await runModel(exported.bytes, feeds))[what === 'sampler' ? 'samples' : what]!;
  const distance = relativeDifference(result.data, expected, sizeOf(run.model.shape));
  if (distance <= ALLOWED) return distance;
  throw failure('The exported model and the library give different results', {
    got: `a relative difference of ${distance.toExponential(1)}`,
    expected: `at most ${ALLOWED}`,
  });
}

interface Trial {
  readonly feeds: Readonly<Record<string, PlainTensor>>;
  readonly expected: Float32Array;
}

async function fieldTrial(
  run: Run,
  what: 'score' | 'denoiser',
  units: AffineTransform,
  engine: Engine,
  rows: number,
): Promise<Trial> {
  const { sde, model } = run;
  const { shift, scale } = units;
  const toData = (values: Float32Array) => units.inverse(values, new Float32Array(values.length));
  const z = normals('check', rows * sizeOf(model.shape), 0);
  const t = Float32Array.from(
    { length: rows },
    (_, i) => sde.tMin + ((sde.tMax - sde.tMin) * (i + 0.5)) / rows,
  );
  const shape = [rows, ...model.shape];
  const program = engine.compile<Float64Array>((weights, [x], at) => {
    const problem = problemOf(sde, model, weights);
    return [what === 'score' ? problem.score(x!, at) : problem.data(x!, at)];
  }, model.weights);
  const x = engine.put({ data: z, shape });
  try {
    const [y] = await program.run([x], Float64Array.from(t));
    const values = await engine.read(y!);
    engine.free(y!);
    const expected =
      what === 'denoiser' ? toData(values) : values.map((value, i) => value / scale[i % shift.length]!);
    return { feeds: { x: { data: toData(z), shape }, t: { data: t, shape: [rows] } }, expected };
  } finally {
    engine.free(x);
    await program.dispose();
  }
}

async function samplerTrial(
  run: Run,
  { inputs }: OnnxExport,
  options: OnnxOptions,
  engine: Engine,
  rows: number,
): Promise<Trial> {
  const { sde, model } = run;
  const size = rows * sizeOf(model.shape);
  const count = Number(inputs.noise?.[0] ?? 0);
  const noise = normals('noise', size * count, 0);
  const { path } = draws(place => noise.subarray(place * size, (place + 1) * size));
  const defaults = options.solver === undefined ? defaultSampler : ({ steps: 100, grid: 'uniform' } as const);
  const samples = await sample({
    ...defaults,
    ...options,
    ...{ engine, sde, model, path, count: rows, batch: rows, seed: 0 },
    grid: makeGrid(options.grid ?? defaults.grid),
    solver: makeSolver(options.solver ?? defaultSampler.solver),
  });
  const start = priorDraw(sde, model.shape, 0, 0, rows);
  const unit = { data: start.data.map(value => value / sde.prior.std), shape: start.shape };
  const feeds =
    count > 0 ? { start: unit, noise: { data: noise, shape: [count, ...start.shape] } } : { start: unit };
  const expected = unitsOf(run, options.units).inverse(samples.data, new Float32Array(samples.data.length));
  return { feeds, expected };
}

function normals(stream: string, size: number, seed: number): Float32Array {
  const out = new Float32Array(size);
  if (size > 0) fillNormal(out, key(seed, stream), { step: 0, first: 0, size });
  return out;
}

function relativeDifference(values: Float32Array, expected: Float32Array, size: number): number {
  const largest = (values: Float32Array) => {
    let most = 0;
    for (let from = 0; from < values.length; from += size)
      most = Math.max(most, Math.hypot(...values.subarray(from, from + size)));
    return most;
  };
  if (values.some(Number.isNaN)) return Infinity;
  return largest(values.map((value, i) => value - expected[i]!)) / (largest(expected) || 1);
}
