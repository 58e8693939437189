/**
 * The gain of curvature, on laws that are known exactly and on a run: `npm run bench:preconditioning`, with
 * names of parts behind it for some of them: `mixing` or `sampling`, and laws. The law `digits` trains a run
 * on `../shared/data/digits.csv`, with `STEPS` steps of the environment (default 1500).
 * 1. Mixing: the variances start at a quarter of the right ones at the end of the path. How far off are they
 *   after k evaluations?
 * 2. Sampling: predictor and corrector with 100 evaluations in all, by sliced Wasserstein distance.
 */
import {
  annealedLangevin,
  heun,
  langevin,
  preconditionedLangevin,
  reverseDiffusion,
  withCorrector,
} from '../solvers/index.ts';
import { openDataset } from '../src/data/index.ts';
import { makeEngine } from '../src/engine/index.ts';
import { slicedWasserstein } from '../src/quality/index.ts';
import { fillNormal, key } from '../src/random/index.ts';
import { makeGrid } from '../src/registry/grids.ts';
import { train } from '../src/run/train/train.ts';
import type { AnalyticModel } from '../src/score/analytic/index.ts';
import type { ScoreModel } from '../src/score/contract.ts';
import type { Sde } from '../src/sde/contract.ts';
import type { Solver } from '../src/solve/contract.ts';
import { gridPath } from '../src/solve/path.ts';
import { problemOf } from '../src/solve/problem.ts';
import { sample as modelSample } from '../src/solve/sample.ts';
import type { PlainTensor } from '../src/tensor/index.ts';
import { cells } from './cells.ts';
import { type Law, laws, mixture, vp } from './curvature-laws.ts';

const engine = await makeEngine('onnx');
const ROWS = 4096;
const T = 0.02;
const BUDGETS = [12, 60, 300, 1200];

const correctors: Record<string, Solver> = {
  langevin: langevin(),
  'annealed-langevin': annealedLangevin(),
  'annealed-langevin, snr 0.5': annealedLangevin({ snr: 0.5 }),
  'preconditioned-langevin, 1 probe': preconditionedLangevin({ probes: 1 }),
  'preconditioned-langevin, 4 probes': preconditionedLangevin(),
  'preconditioned-langevin, rank 1': preconditionedLangevin({ rank: 1 }),
  'preconditioned-langevin, rank 4': preconditionedLangevin({ rank: 4 }),
};

/** The mean over the directions of a law of |log(variance/right variance)| at time T. */
function offVariance({ data }: PlainTensor, { stds, directions }: Law): number {
  const { scale, std } = vp.marginal(T);
  const offs = stds.map((own, k) => {
    let sum = 0;
    for (let n = 0; n < ROWS; n++) {
      const along = directions[k]!.reduce((total, d, i) => total + d * data[n * stds.length + i]!, 0);
      sum += along * along;
    }
    return Math.abs(Math.log(sum / ROWS / ((scale * own) ** 2 + std ** 2)));
  });
  return offs.reduce((sum, off) => sum + off, 0) / stds.length;
}

async function mixing(law: Law): Promise<string[][]> {
  const { stds, directions, model } = law;
  const size = stds.length;
  const { scale, std } = vp.marginal(T);
  const z = new Float32Array(ROWS * size);
  fillNormal(z, key(1, 'start'), { step: 0, first: 0, size });
  const start = new Float32Array(z.length);
  for (let n = 0; n < ROWS; n++)
    for (let k = 0; k < size; k++) {
      const along = 0.5 * Math.hypot(scale * stds[k]!, std) * z[n * size + k]!;
      for (let i = 0; i < size; i++) start[n * size + i]! += along * directions[k]![i]!;
    }
  const rows: string[][] = [];
  for (const [name, corrector] of Object.entries(correctors)) {
    const row = [name];
    for (const evaluations of BUDGETS) {
      const steps = Math.max(1, Math.round(evaluations / corrector.evaluationsPerStep));
      const end = await correct(model, corrector, { data: start, shape: [ROWS, size] }, steps);
      row.push(offVariance(end, law).toFixed(2));
    }
    rows.push(row);
  }
  return rows;
}

/** `steps` steps of a corrector at time T. */
async function correct(
  model: AnalyticModel,
  corrector: Solver,
  start: PlainTensor,
  steps: number,
): Promise<PlainTensor> {
  const path = gridPath(2);
  const program = engine.compile<number>((weights, [x], step) => {
    const problem = problemOf(vp, model, weights);
    const draws = path({ step, first: 0 }, x!.shape, T, T);
    return [corrector.step({ problem, x: x!, t: T, s: T, past: [], state: [], path: draws }).x];
  }, model.weights);
  const [end] = await program.iterate([engine.put(start)], [...Array(steps).keys()]);
  const data = await engine.read(end!);
  await program.dispose();
  return { data, shape: start.shape };
}

/** The sliced Wasserstein distance to `fresh` of samples with 100 evaluations each, mean of three seeds. */
async function distances(sde: Sde, model: ScoreModel, fresh: PlainTensor): Promise<Record<string, string>> {
  const solvers: Record<string, readonly [solver: Solver, each: number]> = {
    'predictor alone': [reverseDiffusion(), 1],
    'second-order predictor (`heun`)': [heun(), 2],
  };
  for (const [name, corrector] of Object.entries(correctors))
    solvers[name] = [withCorrector(reverseDiffusion(), corrector), 1 + corrector.evaluationsPerStep];
  const result: Record<string, string> = {};
  for (const [name, [solver, each]] of Object.entries(solvers)) {
    let sum = 0;
    for (const seed of [0, 1, 2]) {
      const grid = makeGrid('karras');
      const options = { engine, sde, model, solver, grid, count: fresh.shape[0]!, seed };
      sum += slicedWasserstein(await modelSample({ ...options, steps: Math.round(100 / each) }), fresh) / 3;
    }
    result[name] = sum.toFixed(3);
  }
  return result;
}

const parts = process.argv.slice(2);
const wanted = (part: string, law: string) =>
  (!parts.some(name => name === 'mixing' || name === 'sampling') || parts.includes(part)) &&
  (parts.every(name => name === 'mixing' || name === 'sampling') || parts.includes(law));

for (const [name, law] of Object.entries(laws).filter(([name]) => wanted('mixing', name))) {
  console.log(`\nmean |log variance ratio| after k evaluations at t = ${T}: ${name}`);
  console.log(cells(['corrector', ...BUDGETS.map(String)], await mixing(law)));
}
const columns: Record<string, Record<string, string>> = {};
const models = Object.entries(laws).map(([name, { model }]) => [name, model] as const);
for (const [name, model] of [...models, ['mixture', mixture] as const]) {
  if (!wanted('sampling', name)) continue;
  const fresh = model.sample(ROWS, 11);
  const floor = slicedWasserstein(fresh, model.sample(ROWS, 12)).toFixed(3);
  columns[name] = { 'two fresh sets': floor, ...(await distances(vp, model, fresh)) };
}
if (wanted('sampling', 'digits')) columns.digits = await ofDigits('../shared/data/digits.csv');
const names = Object.keys(columns);
if (names.length > 0) {
  console.log('\nsliced Wasserstein distance, 100 evaluations in all');
  const rows = Object.keys(columns[names[0]!]!);
  console.log(
    cells(
      ['', ...names],
      rows.map(row => [row, ...names.map(name => columns[name]![row]!)]),
    ),
  );
}
process.exit(0);

/** A run trained on a table of digits, against the rows themselves. */
async function ofDigits(data: string): Promise<Record<string, string>> {
  const steps = Number(process.env.STEPS ?? 1500);
  const dataset = await openDataset(data, { exclude: ['label'] });
  const { sde, model } = await train({ data: dataset, engine, steps, batch: 256 });
  const half = Math.floor(dataset.count / 2);
  const read = (from: number): PlainTensor => {
    const rows = new Float64Array(half * dataset.shape[0]!);
    dataset.read(
      rows,
      key(3, 'bench'),
      Uint32Array.from({ length: half }, (_, i) => 2 * i + from),
    );
    return { data: Float32Array.from(rows), shape: [half, ...dataset.shape] };
  };
  const floor = slicedWasserstein(read(0), read(1)).toFixed(3);
  return { 'two fresh sets': floor, ...(await distances(sde, model, read(0))) };
}
