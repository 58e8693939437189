/**
 * The gain of a Langevin corrector from curvature, on distributions that are known exactly: `node
 * preconditioning.js`.
 * 1. Mixing: the variances start at a quarter of the right ones at the end of the path. How far off are they
 *   after k evaluations?
 * 2. Sampling: predictor and corrector with 100 evaluations in all, by sliced Wasserstein distance.
 */
import {
  annealedLangevin,
  langevin,
  none,
  preconditionedLangevin,
  reverseDiffusion,
  withCorrector,
} from '../solvers/index.ts';
import { makeEngine } from '../src/engine/index.ts';
import { slicedWasserstein } from '../src/quality/index.ts';
import { fillNormal, key } from '../src/random/index.ts';
import { makeGrid } from '../src/registry/grids.ts';
import { makeSde } from '../src/registry/sdes.ts';
import type { AnalyticModel } from '../src/score/analytic/index.ts';
import { gaussianModel, mixtureModel } from '../src/score/analytic/index.ts';
import type { Solver } from '../src/solve/contract.ts';
import { sample as modelSample } from '../src/solve/sample.ts';
import type { PlainTensor } from '../src/tensor/index.ts';

const engine = await makeEngine('onnx');
const sde = await makeSde('vp');
const SIZE = 8;
const ROWS = 4096;
const T = 0.02;
const stds = Array.from({ length: SIZE }, (_, i) => 10 ** (-2 * (i / (SIZE - 1))));

/** A rotation, by Gram and Schmidt on normal rows. */
const basis = orthogonal(SIZE);
const covariance = stds.flatMap((_, i) =>
  stds.map((_, j) => stds.reduce((sum, std, k) => sum + basis[i]![k]! * basis[j]![k]! * std * std, 0)),
);
const mean = new Array<number>(SIZE).fill(0);
const axes = mean.map((_, i) => mean.map((_, j) => Number(i === j)));

const correctors: Record<string, Solver> = {
  langevin: langevin(),
  'annealed-langevin': annealedLangevin(),
  'annealed-langevin, snr 0.5': annealedLangevin({ snr: 0.5 }),
  'preconditioned-langevin, 1 probe': preconditionedLangevin({ probes: 1 }),
  'preconditioned-langevin, 4 probes': preconditionedLangevin(),
  'preconditioned-langevin, 4 probes, snr 0.3': preconditionedLangevin({ snr: 0.3 }),
};

/** The mean over principal directions of |log(variance/right variance)| at time T. */
function offVariance({ data }: PlainTensor, directions: readonly (readonly number[])[]): number {
  const { scale, std } = sde.marginal(T);
  const offs = stds.map((own, k) => {
    let sum = 0;
    for (let n = 0; n < ROWS; n++) {
      const along = directions.reduce((total, row, i) => total + row[k]! * data[n * SIZE + i]!, 0);
      sum += along * along;
    }
    return Math.abs(Math.log(sum / ROWS / ((scale * own) ** 2 + std ** 2)));
  });
  return offs.reduce((sum, off) => sum + off, 0) / SIZE;
}

async function mixing(model: AnalyticModel, directions: readonly (readonly number[])[]) {
  const { scale, std } = sde.marginal(T);
  const z = new Float32Array(ROWS * SIZE);
  fillNormal(z, key(1, 'start'), { step: 0, first: 0, size: SIZE });
  const start = new Float32Array(z.length);
  for (let n = 0; n < ROWS; n++)
    for (let i = 0; i < SIZE; i++)
      for (let k = 0; k < SIZE; k++)
        start[n * SIZE + i]! +=
          0.5 * Math.hypot(scale * stds[k]!, std) * directions[i]![k]! * z[n * SIZE + k]!;
  const rows: Record<string, Record<string, number>> = {};
  for (const [name, corrector] of Object.entries(correctors)) {
    rows[name] = {};
    for (const evaluations of [12, 60, 300, 1200]) {
      const steps = evaluations / corrector.evaluationsPerStep;
      const end = await correct(model, corrector, start, Math.round(steps));
      rows[name]![evaluations] = offVariance(end, directions);
    }
  }
  return rows;
}

/** `steps` steps of a corrector at time T. */
async function correct(
  model: AnalyticModel,
  corrector: Solver,
  start: Float32Array,
  steps: number,
): Promise<PlainTensor> {
  const { gridPath } = await import('../src/solve/path.ts');
  const { problemOf } = await import('../src/solve/problem.ts');
  const path = gridPath(2);
  const program = engine.compile<number>((weights, [x], step) => {
    const problem = problemOf(sde, model, weights);
    const draws = path({ step, first: 0 }, x!.shape, T, T);
    return [corrector.step({ problem, x: x!, t: T, s: T, past: [], state: [], path: draws }).x];
  }, model.weights);
  const shape = [ROWS, SIZE];
  const [end] = await program.iterate([engine.put({ data: start, shape })], [...Array(steps).keys()]);
  const data = await engine.read(end!);
  await program.dispose();
  return { data, shape };
}

async function sampling(model: AnalyticModel) {
  const fresh = model.sample(ROWS, 11);
  const rows: Record<string, { distance: number }> = {
    'floor: two fresh sets': { distance: slicedWasserstein(fresh, model.sample(ROWS, 12)) },
  };
  const all: Record<string, Solver> = { 'none (predictor alone)': none(), ...correctors };
  for (const [name, corrector] of Object.entries(all)) {
    const each = 1 + corrector.evaluationsPerStep;
    const solver = withCorrector(reverseDiffusion(), corrector);
    const steps = Math.round(100 / each);
    const distances = [];
    for (const seed of [0, 1, 2]) {
      const samples = await modelSample({
        engine,
        sde,
        model,
        solver,
        steps,
        grid: makeGrid('karras'),
        count: ROWS,
        batch: ROWS,
        seed,
      });
      distances.push(slicedWasserstein(samples, fresh));
    }
    rows[name] = { distance: distances.reduce((sum, each) => sum + each, 0) / distances.length };
  }
  return rows;
}

function orthogonal(size: number): number[][] {
  const z = new Float32Array(size * size);
  fillNormal(z, key(5, 'basis'), { step: 0, first: 0, size });
  const rows: number[][] = [];
  for (let i = 0; i < size; i++) {
    let row = Array.from(z.subarray(i * size, (i + 1) * size));
    for (const other of rows) {
      const dot = row.reduce((sum, value, j) => sum + value * other[j]!, 0);
      row = row.map((value, j) => value - dot * other[j]!);
    }
    const norm = Math.hypot(...row);
    rows.push(row.map(value => value / norm));
  }
  return rows;
}

const aligned = gaussianModel({ mean, std: stds }, sde);
const rotated = gaussianModel({ mean, covariance }, sde);
const mixture = mixtureModel(
  {
    weights: [0.5, 0.3, 0.2],
    means: [-1, 0.5, 1.5].map(m => stds.map((_, i) => (i % 2 === 0 ? m : -m))),
    stds: [stds, stds.toReversed(), stds],
  },
  sde,
);
console.log(`mean |log variance ratio| after k evaluations at t = ${T}, axes of the data`);
console.table(await mixing(aligned, axes));
console.log('the same, rotated');
console.table(await mixing(rotated, basis));
for (const [name, model] of Object.entries({ aligned, rotated, mixture })) {
  console.log(`sliced Wasserstein distance, 100 evaluations in all: ${name}`);
  console.table(await sampling(model));
}
