/**
 * The time that a solver adds to the time of the network: 500 steps at batch 256 with the 3×128 perceptron on
 * the plane, compared with the same number of bare evaluations, in turns. Prints a Markdown table: `npm run
 * bench:cost`, for these solvers alone: `npm run bench:cost -- mala langevin`.
 */
import { linear } from '../schedules/index.ts';
import { vp } from '../sdes/vp.ts';
import { makeEngine } from '../src/engine/index.ts';
import { makeGrid } from '../src/registry/grids.ts';
import { makeSolver, type SolverSpec } from '../src/registry/solvers.ts';
import { timesOf } from '../src/solve/grids.ts';
import { integrator } from '../src/solve/integrate.ts';
import { gridPath } from '../src/solve/path.ts';
import { cells } from './cells.ts';
import { median } from './measure.ts';
import { fresh, normalTensor, plainMlp } from './nets.ts';

const BATCH = 256;
const STEPS = 500;
/** Turns before the timed ones, in which V8 compiles the code. */
const WARM = 6;
/** Turns of a solver with one evaluation a step. Others have as many as take the same time, or ten. */
const TURNS = 46;
/** The correctors other than `langevin`, each alone and after the predictor. */
const CORRECTORS = ['annealed-langevin', 'mala', 'preconditioned-langevin'];
const SOLVERS = [
  ...['euler', 'heun', 'rk4', 'ddim', 'edm-heun', 'deis', 'dpm-solver++', 'unipc'],
  ...['euler-maruyama', 'reverse-diffusion', 'ancestral', 'dpm-solver++-sde', 'sa-solver'],
  ...['langevin', ...CORRECTORS, 'predictor-corrector'],
  ...CORRECTORS.map(corrector => ({ name: 'predictor-corrector', corrector })),
];
const nameOf = (spec: (typeof SOLVERS)[number]) =>
  typeof spec === 'string' ? `\`${spec}\`` : `\`${spec.name}\`, \`${spec.corrector}\``;
const names = process.argv.slice(2);
const chosen = SOLVERS.filter(
  spec => names.length === 0 || names.includes(typeof spec === 'string' ? spec : spec.name),
);
const turnsFor = (evaluations: number) =>
  WARM + Math.max(10, Math.min(TURNS - WARM, Math.round(((TURNS - WARM) * STEPS) / evaluations)));

const engine = await makeEngine('onnx');
const sde = vp(linear());
const { model } = fresh(plainMlp(128, 3, 2), sde, [2]);
const times = timesOf(sde, makeGrid('uniform'), STEPS, 1, 1e-3);
const x = engine.put(normalTensor('start', [BATCH, 2], 1));

const time = async (work: () => Promise<unknown>) => {
  const began = performance.now();
  await work();
  return performance.now() - began;
};

/** The network applied to its own result in one call. */
const bare = engine.compile<number>((weights, [y], t) => [model.raw(weights, y!, t)], model.weights);
async function evaluate(count: number): Promise<void> {
  const args = Array.from({ length: count }, (_, i) => 1 - i / (2 * count));
  engine.free(...(await bare.iterate([x], args)));
}

const added = (ratio: number) => `${(100 * (ratio - 1)).toFixed(0)} %`;

const rows: string[][] = [];
for (const spec of chosen) {
  const solve = integrator(
    { engine, sde, model, solver: makeSolver(spec as SolverSpec), path: gridPath(0) },
    times,
  );
  const cost = { evaluations: 0 };
  const run = async () => {
    const progress = solve.run(x, 0);
    let turn = await progress.next();
    for (; !turn.done; turn = await progress.next()) cost.evaluations = turn.value.evaluations;
    engine.free(turn.value);
  };
  const [whole, network]: [number[], number[]] = [[], []];
  const bareRun = () => evaluate(cost.evaluations);
  for (let turn = 0; turn < turnsFor(cost.evaluations); turn++) {
    // The order alternates, so that a change in the speed of the machine affects both equally.
    const first = await time(turn % 2 === 0 ? run : bareRun);
    const second = await time(turn % 2 === 0 ? bareRun : run);
    if (turn < WARM) continue;
    whole.push(turn % 2 === 0 ? first : second);
    network.push(turn % 2 === 0 ? second : first);
  }
  await solve.dispose();
  rows.push([
    nameOf(spec),
    `${cost.evaluations}`,
    ((1000 * Math.min(...network)) / cost.evaluations).toFixed(0),
    added(Math.min(...whole) / Math.min(...network)),
    added(median(whole.map((time, turn) => time / network[turn]!))),
  ]);
}
console.log(
  cells(
    ['solver', 'evaluations', 'network, µs each, least', 'added, of the least times', 'median of the turns'],
    rows,
  ),
);
process.exit(0);
