import { appendFileSync, existsSync, readFileSync } from 'node:fs';
import { makeEngine } from '../src/engine/index.ts';
import { measuredModel } from '../src/guide/guided.ts';
import { importance, type WeightedSamples } from '../src/guide/importance.ts';
import { drawParticles, smc } from '../src/guide/smc/smc.ts';
import { ownUnits } from '../src/measure/chart.ts';
import { linear } from '../src/measure/linear.ts';
import type { Observation } from '../src/measure/observation.ts';
import { observe } from '../src/measure/observe.ts';
import { slicedWasserstein } from '../src/quality/sliced-wasserstein.ts';
import { makeGrid } from '../src/registry/grids.ts';
import { type GuidanceName, makeGuidance } from '../src/registry/guidances.ts';
import { makeSde } from '../src/registry/sdes.ts';
import { makeSolver } from '../src/registry/solvers.ts';
import { mixtureModel } from '../src/score/analytic/index.ts';
import { sample } from '../src/solve/sample.ts';
import type { PlainTensor } from '../src/tensor/index.ts';
import { COUNT, exactDraws, type Problem, problemOf, sizesOf } from './given-problems.ts';
import { median } from './measure.ts';
import { table } from './table.ts';

/**
 * Random linear problems on exact mixtures: how far every method is from exact draws of the posterior, over
 * the distance of two such sets of draws; and the evidence that particles estimate.
 *
 *     npm run bench:given -- 2 0 40                   dimensions, the first problem, the end
 *     npm run bench:given -- 16 0 20 FILE.jsonl       keeps the results in a file, and prints all it has
 *     npm run bench:given -- 16 20 40 FILE.jsonl smc  one method
 */
const [size = 2, from = 0, to = from + 4] = process.argv.slice(2, 5).map(Number);
const [file, only] = process.argv.slice(5);

/** One method on one problem. */
interface Outcome {
  readonly size: number;
  readonly index: number;
  readonly method: string;
  /** Sliced Wasserstein distance to exact draws, over that between exact draws. */
  readonly ratio: number;
  readonly seconds: number;
  /** Of methods with weights: log p(y) minus the truth, and whether the interval has the truth. */
  readonly error?: number;
  readonly covered?: boolean;
}

const engine = await makeEngine('onnx');
const sde = await makeSde('vp');
interface Draws extends Pick<Outcome, 'error' | 'covered'> {
  readonly samples: PlainTensor;
}
type Method = (p: Problem, observation: Observation, seed: number) => Promise<Draws>;
const modelOf = ({ means, spread }: Problem) => mixtureModel({ means, stds: spread }, sde);

async function byParticles(p: Problem, observation: Observation, seed: number): Promise<Draws> {
  const twist = makeGuidance('mmps');
  return drawsOf(p, await smc({ engine, sde, model: modelOf(p), observation, twist, seed }), seed);
}

/** As many samples as `smc` has particles. */
async function byImportance(p: Problem, observation: Observation, seed: number): Promise<Draws> {
  const guidance = makeGuidance('mmps');
  const solver = makeSolver('rk45');
  const tolerances = { rtol: 1e-3, atol: 1e-3 };
  const model = modelOf(p);
  const weighted = { engine, sde, model, observation, guidance, solver, tolerances, count: 1024, seed };
  return drawsOf(p, await importance(weighted), seed);
}

/** The particles as equal draws, and the errors of their evidence. */
function drawsOf(p: Problem, { data, logWeights, evidence }: WeightedSamples, seed: number): Draws {
  const out = new Float32Array(COUNT * size);
  drawParticles(logWeights, COUNT, seed).forEach((place, i) => {
    out.set(data.subarray(place * size, (place + 1) * size), i * size);
  });
  const { logEvidence, interval } = evidence;
  return {
    samples: { data: out, shape: [COUNT, size] },
    error: logEvidence - p.logEvidence,
    covered: p.logEvidence > interval![0] && p.logEvidence < interval![1],
  };
}

const byGuidance =
  (name: GuidanceName): Method =>
  async (p, observation, seed) => {
    const guidance = makeGuidance(name);
    const solver = makeSolver(guidance.around ? 'ancestral' : 'unipc');
    const samples = await sample({
      engine,
      sde,
      model: measuredModel(sde, modelOf(p), observation, guidance),
      solver: guidance.around?.(solver, observation) ?? solver,
      steps: guidance.around ? 100 : 50,
      grid: makeGrid('log-snr'),
      count: COUNT,
      seed,
    });
    return { samples };
  };

const names = ['mmps', 'pigdm', 'dps', 'diffpir', 'replacement', 'repaint'] as const;
const methods: Readonly<Record<string, Method>> = {
  smc: byParticles,
  importance: byImportance,
  ...Object.fromEntries(names.map(name => [name, byGuidance(name)])),
};

const outcomes = new Map<string, Outcome>();
const keep = (outcome: Outcome) =>
  outcomes.set(`${outcome.size} ${outcome.index} ${outcome.method}`, outcome);
if (file !== undefined && existsSync(file))
  for (const line of readFileSync(file, 'utf8').trim().split('\n')) keep(JSON.parse(line) as Outcome);

for (let index = from; index < to; index++) {
  const p = problemOf(size, index);
  const parts = await linear(p.A, p.y, { std: p.std }).on({ shape: [size] });
  const observation = observe(parts, ownUnits([size]));
  const reference = exactDraws(p, 10_000 + index);
  const floor = median([1, 2, 3].map(k => slicedWasserstein(exactDraws(p, 20_000 * k + index), reference)));
  for (const [method, draw] of Object.entries(methods)) {
    if (only !== undefined && method !== only) continue;
    const start = performance.now();
    const { samples, ...evidence } = await draw(p, observation, index);
    const seconds = (performance.now() - start) / 1000;
    const outcome = { size, index, method, ratio: slicedWasserstein(samples, reference) / floor, seconds };
    keep({ ...outcome, ...evidence });
    if (file !== undefined) appendFileSync(file, `${JSON.stringify({ ...outcome, ...evidence })}\n`);
  }
}
await engine.dispose();

const mean = (values: readonly number[]) => values.reduce((sum, value) => sum + value, 0) / values.length;
const all = [...outcomes.values()].filter(outcome => outcome.size === size);
const rows = Object.keys(methods).flatMap(method => {
  const own = all.filter(outcome => outcome.method === method);
  if (own.length === 0) return [];
  const ratios = own.map(({ ratio }) => ratio);
  const errors = own.flatMap(({ error }) => (error === undefined ? [] : [Math.abs(error)]));
  return [
    [
      method,
      `${own.length}`,
      mean(ratios).toFixed(2),
      median(ratios).toFixed(2),
      Math.max(...ratios).toFixed(2),
      median(own.map(({ seconds }) => seconds)).toFixed(1),
      errors.length === 0 ? '' : mean(errors).toFixed(3),
      errors.length === 0 ? '' : `${own.filter(({ covered }) => covered).length}`,
    ],
  ];
});
const { modes, readings } = sizesOf(size);
console.log(`${size} dimensions, ${modes} modes, ${readings} readings\n`);
console.log(
  table(
    ['method', 'problems', 'mean', 'median', 'worst', 'seconds', '|error of log p(y)|', 'in interval'],
    rows,
  ),
);
