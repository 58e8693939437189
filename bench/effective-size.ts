/**
 * Mixing at one noise level: effective sample size for each 1,000 evaluations of a chain, of the slowest
 * direction, and |log(variance/right variance)| of the worst direction, on laws that are known exactly.
 * Chains start from draws of the law. Prints the table of docs/langevin.md: `npm run bench:effective-size`,
 * with names of laws behind it for some of them, and `EVALUATIONS` in the environment (default 8000).
 */
import { langevin as corrector, preconditionedLangevin } from '../solvers/index.ts';
import { diagnose } from '../src/chains/diagnostics.ts';
import { hmc, type Kernel, langevin, mala, modelTarget, runChains } from '../src/chains/index.ts';
import { makeEngine } from '../src/engine/index.ts';
import { fillNormal, key } from '../src/random/index.ts';
import type { AnalyticModel } from '../src/score/analytic/index.ts';
import type { Solver } from '../src/solve/contract.ts';
import { gridPath } from '../src/solve/path.ts';
import { problemOf } from '../src/solve/problem.ts';
import type { PlainTensor } from '../src/tensor/index.ts';
import { cells } from './cells.ts';
import { laws, mixture, mixtureParts, vp } from './curvature-laws.ts';

const engine = await makeEngine('onnx');
const [T, CHAINS, DRAWS, BURN_IN] = [0.02, 64, 400, 300];
const budget = Number(process.env.EVALUATIONS ?? 8000);
const { scale, std } = vp.marginal(T);

/** Draws of every way, [DRAWS, CHAINS, D], each after about budget/DRAWS evaluations. */
type Way = (model: AnalyticModel, start: PlainTensor) => Promise<{ data: Float32Array; spent: number }>;

const chainsOf =
  (kernel: Kernel): Way =>
  async (model, start) => {
    const target = modelTarget(model, vp, T);
    const thin = Math.max(1, Math.round(budget / DRAWS / kernel.evaluations(target.normed)));
    const { data } = await runChains({
      ...{ engine, target, kernel, start, thin },
      ...{ chains: CHAINS, draws: DRAWS, burnIn: BURN_IN },
    });
    return { data, spent: DRAWS * thin * kernel.evaluations(target.normed) };
  };

const correctorOf =
  (solver: Solver): Way =>
  async (model, start) => {
    const path = gridPath(2);
    const program = engine.compile<number>((weights, [x], step) => {
      const problem = problemOf(vp, model, weights);
      const draws = path({ step, first: 0 }, x!.shape, T, T);
      return [solver.step({ problem, x: x!, t: T, s: T, past: [], state: [], path: draws }).x];
    }, model.weights);
    const thin = Math.max(1, Math.round(budget / DRAWS / solver.evaluationsPerStep));
    const data = new Float32Array(DRAWS * start.data.length);
    let state = [engine.put(start)];
    for (let k = 0; k < DRAWS; k++) {
      const next = await program.iterate(
        state,
        Array.from({ length: thin }, (_, i) => k * thin + i),
      );
      engine.free(...state);
      state = [...next];
      data.set(await engine.read(state[0]!), k * start.data.length);
    }
    engine.free(...state);
    await program.dispose();
    return { data, spent: DRAWS * thin * solver.evaluationsPerStep };
  };

const ways: Readonly<Record<string, Way>> = {
  '`langevin`, step 0.5': chainsOf(langevin({ step: 0.5 })),
  '`langevin`, step 1': chainsOf(langevin({ step: 1 })),
  '`mala`': chainsOf(mala()),
  '`hmc`, 5 leaps': chainsOf(hmc()),
  '`hmc`, 20 leaps': chainsOf(hmc({ leaps: 20 })),
  'corrector `langevin`': correctorOf(corrector()),
  '`preconditioned-langevin`, 1 probe': correctorOf(preconditionedLangevin({ probes: 1 })),
  '`preconditioned-langevin`, 4 probes': correctorOf(preconditionedLangevin()),
  '`preconditioned-langevin`, rank 1': correctorOf(preconditionedLangevin({ rank: 1 })),
  '`preconditioned-langevin`, rank 4': correctorOf(preconditionedLangevin({ rank: 4 })),
};

/** Directions of a law and the right variances along them at time T. */
interface Exact {
  readonly model: AnalyticModel;
  readonly directions: readonly (readonly number[])[];
  readonly variances: readonly number[];
}

const noisy = (variance: number) => scale ** 2 * variance + std ** 2;
const exacts: Record<string, Exact> = Object.fromEntries(
  Object.entries(laws).map(([name, { model, directions, stds }]) => [
    name,
    { model, directions, variances: stds.map(own => noisy(own ** 2)) },
  ]),
);
exacts.mixture = {
  model: mixture,
  directions: mixtureParts.means[0]!.map((_, i, all) => all.map((_, j) => Number(i === j))),
  variances: mixtureParts.means[0]!.map((_, i) => {
    const mean = (of: (k: number) => number) =>
      mixtureParts.weights.reduce((sum, weight, k) => sum + weight * of(k), 0);
    const at = (k: number) => mixtureParts.means[k]![i]!;
    return noisy(mean(k => at(k) ** 2 + mixtureParts.stds[k]![i]! ** 2) - mean(at) ** 2);
  }),
};

/** The least effective size over directions for each 1,000 evaluations of a chain, and the worst variance. */
async function measured(way: Way, { model, directions, variances }: Exact): Promise<string> {
  const size = directions.length;
  const { data: clean } = model.sample(CHAINS, 7);
  const z = new Float32Array(clean.length);
  fillNormal(z, key(8, 'start'), { step: 0, first: 0, size });
  const start = { data: clean.map((x, i) => scale * x + std * z[i]!), shape: [CHAINS, size] };
  const { data, spent } = await way(model, start);
  let [least, worst] = [Number.POSITIVE_INFINITY, 0];
  for (const [k, direction] of directions.entries()) {
    const along = Float64Array.from({ length: DRAWS * CHAINS }, (_, n) =>
      direction.reduce((sum, d, i) => sum + d * data[n * size + i]!, 0),
    );
    const { effectiveSize, std: spread } = diagnose(along, CHAINS);
    least = Math.min(least, effectiveSize);
    worst = Math.max(worst, Math.abs(Math.log(spread ** 2 / variances[k]!)));
  }
  const each = (least / CHAINS / spent) * 1000;
  return `${each.toPrecision(2)} (${worst.toFixed(2)})`;
}

const names = Object.keys(exacts).filter(name => process.argv.length < 3 || process.argv.includes(name));
const rows: string[][] = [];
for (const [way, run] of Object.entries(ways)) {
  const row = [way];
  for (const name of names) row.push(await measured(run, exacts[name]!));
  rows.push(row);
  process.stderr.write(`${row.join(' | ')}\n`);
}
console.log(cells(['', ...names], rows));
process.exit(0);
