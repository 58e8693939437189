import { makeEngine } from '../src/engine/index.ts';
import { measuredModel } from '../src/guide/guided.ts';
import { drawn, smc } from '../src/guide/smc/smc.ts';
import { logMean, logSum } from '../src/guide/smc/weights.ts';
import { ownUnits } from '../src/measure/chart.ts';
import { linear } from '../src/measure/linear.ts';
import type { Observation } from '../src/measure/observation.ts';
import { observe } from '../src/measure/observe.ts';
import { slicedWasserstein } from '../src/quality/sliced-wasserstein.ts';
import { fillNormal, fillUniform, key } from '../src/random/index.ts';
import { makeGrid } from '../src/registry/grids.ts';
import { type GuidanceName, makeGuidance } from '../src/registry/guidances.ts';
import { makeSde } from '../src/registry/sdes.ts';
import { makeSolver } from '../src/registry/solvers.ts';
import { mixtureModel } from '../src/score/analytic/index.ts';
import { sample } from '../src/solve/sample.ts';
import type { PlainTensor } from '../src/tensor/index.ts';
import { median } from './measure.ts';
import { table } from './table.ts';

/**
 * Random linear problems on exact mixtures: how far every method is from exact draws of the posterior, over
 * the distance of two such sets of draws; and the evidence that particles find.
 *
 *     npm run bench:given -- 2 40 50     dimensions, problems, steps of the particles
 */
const [size = 2, problems = 12, steps = 50] = process.argv.slice(2).map(Number);
const engine = await makeEngine('onnx');
const sde = await makeSde('vp');
const count = 1000;
const [modes, readings] = size === 2 ? [8, 1] : [5, size / 2];

const normals = (length: number, stream: string, step: number): Float32Array => {
  const out = new Float32Array(length);
  fillNormal(out, key(7, stream), { step, first: 0, size: length });
  return out;
};
const uniforms = (length: number, stream: string, step: number): Float64Array => {
  const out = new Float64Array(length);
  fillUniform(out, key(7, stream), { step, first: 0, size: length });
  return out;
};

/** A mixture of variance about 1, a measurement of one of its draws, and the exact posterior. */
function problem(index: number) {
  const spread = size === 2 ? 0.1 : 0.3;
  const circle = (k: number) => [
    Math.SQRT2 * Math.cos((Math.PI * k) / 4),
    Math.SQRT2 * Math.sin((Math.PI * k) / 4),
  ];
  const at = normals(modes * size, 'means', size === 2 ? 0 : index);
  const means = Array.from({ length: modes }, (_, k) =>
    size === 2 ? circle(k) : [...at.subarray(k * size, (k + 1) * size)],
  );
  const rows = normals(readings * size, 'rows', index);
  const A = Array.from({ length: readings }, (_, i) => {
    const row = [...rows.subarray(i * size, (i + 1) * size)];
    const length = Math.hypot(...row);
    return row.map(value => value / length);
  });
  const [pick, error] = uniforms(2, 'truth', index);
  const std = 0.1 + 0.3 * error!;
  const mean = means[Math.floor(pick! * modes)]!;
  const z = normals(size + readings, 'noise', index);
  const truth = mean.map((m, d) => m + spread * z[d]!);
  const y = A.map((a, i) => dot(a, truth) + std * z[size + i]!);
  const S = A.map((a, i) => A.map((b, j) => spread ** 2 * dot(a, b) + (i === j ? std ** 2 : 0)));
  const logs = means.map(m =>
    logNormal(
      y.map((value, i) => value - dot(A[i]!, m)),
      S,
    ),
  );
  return { means, spread, A, y, std, S, logs, logEvidence: logMean(logs) };
}
type Problem = ReturnType<typeof problem>;

const dot = (a: readonly number[], b: readonly number[]) =>
  a.reduce((sum, value, i) => sum + value * b[i]!, 0);

/** Gaussian elimination of [S | b]: S⁻¹b and log det S. */
function solved(S: readonly (readonly number[])[], b: readonly number[]) {
  const rows = S.map((row, i) => [...row, b[i]!]);
  const n = rows.length;
  let logDeterminant = 0;
  for (let k = 0; k < n; k++) {
    logDeterminant += Math.log(rows[k]![k]!);
    for (let i = 0; i < n; i++) {
      if (i === k) continue;
      const factor = rows[i]![k]! / rows[k]![k]!;
      for (let j = k; j <= n; j++) rows[i]![j] = rows[i]![j]! - factor * rows[k]![j]!;
    }
  }
  return { x: rows.map((row, k) => row[n]! / row[k]!), logDeterminant };
}

function logNormal(r: readonly number[], S: readonly (readonly number[])[]): number {
  const { x, logDeterminant } = solved(S, r);
  return -0.5 * (dot(r, x) + logDeterminant + r.length * Math.log(2 * Math.PI));
}

/** Exact draws by Matheron's rule: a draw of the prior's component, moved by its misfit to a draw of y. */
function exact({ means, spread, A, y, std, S, logs }: Problem, seed: number): PlainTensor {
  const total = logSum(logs);
  const picks = uniforms(count, 'picks', seed);
  const z = normals(count * (size + readings), 'draws', seed);
  const data = new Float32Array(count * size);
  for (let n = 0; n < count; n++) {
    let [rest, k] = [picks[n]!, 0];
    for (; k < modes - 1; k++) {
      rest -= Math.exp(logs[k]! - total);
      if (rest < 0) break;
    }
    const own = z.subarray(n * (size + readings), (n + 1) * (size + readings));
    const x = means[k]!.map((m, d) => m + spread * own[d]!);
    const misfit = y.map((value, i) => value - dot(A[i]!, x) - std * own[size + i]!);
    const { x: pull } = solved(S, misfit);
    x.forEach((value, d) => {
      data[n * size + d] = value + spread ** 2 * A.reduce((sum, a, i) => sum + a[d]! * pull[i]!, 0);
    });
  }
  return { data, shape: [count, size] };
}

const methods = ['mmps', 'pigdm', 'dps', 'diffpir', 'replacement', 'repaint'] as const;
const ratios: Record<string, number[]> = Object.fromEntries(['smc', ...methods].map(name => [name, []]));
const times: Record<string, number[]> = Object.fromEntries(['smc', ...methods].map(name => [name, []]));
const errors: number[] = [];
let covered = 0;

async function guided(
  name: GuidanceName,
  { means, spread }: Problem,
  observation: Observation,
  seed: number,
) {
  const guidance = makeGuidance(name);
  const solver = makeSolver(guidance.around ? 'ancestral' : 'unipc');
  const model = measuredModel(sde, mixtureModel({ means, stds: spread }, sde), observation, guidance);
  return sample({
    engine,
    sde,
    model,
    solver: guidance.around?.(solver, observation) ?? solver,
    steps: guidance.around ? 100 : 50,
    grid: makeGrid('log-snr'),
    count,
    seed,
  });
}

for (let index = 0; index < problems; index++) {
  const p = problem(index);
  const observation = observe(await linear(p.A, p.y, { std: p.std }).on({ shape: [size] }), ownUnits([size]));
  const reference = exact(p, 10_000 + index);
  const floor = median([1, 2, 3].map(k => slicedWasserstein(exact(p, 20_000 * k + index), reference)));
  const record = (name: string, samples: PlainTensor, began: number) => {
    times[name]!.push((performance.now() - began) / 1000);
    ratios[name]!.push(slicedWasserstein(samples, reference) / floor);
  };
  const began = performance.now();
  const twist = makeGuidance('mmps');
  const model = mixtureModel({ means: p.means, stds: p.spread }, sde);
  const found = await smc({ engine, sde, model, observation, twist, steps, seed: index });
  const data = new Float32Array(count * size);
  drawn(found.logWeights, count, index).forEach((place, i) => {
    data.set(found.data.subarray(place * size, (place + 1) * size), i * size);
  });
  record('smc', { data, shape: [count, size] }, began);
  const { logEvidence, interval } = found.evidence;
  errors.push(Math.abs(logEvidence - p.logEvidence));
  covered += Number(p.logEvidence > interval![0] && p.logEvidence < interval![1]);
  for (const name of methods) {
    const start = performance.now();
    record(name, await guided(name, p, observation, index), start);
  }
}
await engine.dispose();

const mean = (values: readonly number[]) => values.reduce((sum, value) => sum + value, 0) / values.length;
const rows = Object.entries(ratios).map(([name, values]) => [
  name,
  mean(values).toFixed(2),
  median(values).toFixed(2),
  Math.max(...values).toFixed(2),
  median(times[name]!).toFixed(1),
]);
console.log(`${problems} problems in ${size} dimensions, ${modes} modes, ${readings} readings each\n`);
console.log(table(['method', 'mean', 'median', 'worst', 'seconds'], rows));
console.log(
  `\nlog p(y) by smc, ${steps} steps: mean error ${mean(errors).toFixed(3)}, in its interval ${covered} of ${problems} times`,
);
