import { openDataset } from '../src/data/index.ts';
import { makeEngine } from '../src/engine/index.ts';
import { fillNormal, key } from '../src/random/index.ts';
import type { ObjectiveSpec } from '../src/registry/objectives.ts';
import { train } from '../src/run/train/train.ts';
import { scoreEnergies } from '../src/run/use/energy.ts';
import { parzen } from '../src/score/analytic/index.ts';
import { cells } from './cells.ts';

/**
 * One energy network at one noise level by maximum likelihood (persistent chains, CD) and by denoising:
 * rank correlation of log-density differences of 2,000 held-out pairs with the exact ones, nats below the
 * exact mean, and log Z by chains and by a sum over a lattice. Prints the tables of docs/energies.md:
 * `npm run bench:energies`, with names of rows behind it for some of them or `parts` for the parts of
 * maximum likelihood, and `STEPS` in the environment (default 2400).
 */

const [steps, batch, sigma] = [Number(process.env.STEPS ?? 2400), 256, 0.15];
const engine = await makeEngine('onnx');
const learningRate = 0.003;
/** The lattice, in model units: its half side and its step. */
const [HALF, STEP] = [3.5, 0.02];
const ways: readonly (readonly [name: string, objective: ObjectiveSpec])[] = [
  ['maximum likelihood, persistent', { name: 'maximum-likelihood', sigma }],
  ['maximum likelihood, CD-5', { name: 'maximum-likelihood', sigma, persistent: false }],
  ['denoising', { name: 'denoising', sigma }],
];
/** One part of maximum likelihood taken away or changed at a time: `npm run bench:energies -- parts`. */
const parts: typeof ways = [
  ['all', {}],
  ['moves of one length', { range: 1 }],
  ['no leaps', { leap: false }],
  ['no leaps, moves of one length', { leap: false, range: 1 }],
  ['no leaps, no renewal', { leap: false, renew: 0 }],
  ['no regulariser', { regular: 0 }],
  ['CD-5', { persistent: false }],
  ['CD-5, no leaps', { persistent: false, leap: false }],
].map(([name, change]) => [
  name as string,
  { name: 'maximum-likelihood', sigma, ...(change as object) } as ObjectiveSpec,
]);

/** Ranks of values, for Spearman's correlation. */
function ranks(values: Float64Array): Float64Array {
  const out = new Float64Array(values.length);
  Array.from(values.keys())
    .sort((i, j) => values[i]! - values[j]!)
    .forEach((place, rank) => {
      out[place] = rank;
    });
  return out;
}

function correlation(a: Float64Array, b: Float64Array): number {
  const [x, y] = [ranks(a), ranks(b)];
  const mean = (a.length - 1) / 2;
  let [xy, xx] = [0, 0];
  for (let i = 0; i < a.length; i++) {
    xy += (x[i]! - mean) * (y[i]! - mean);
    xx += (x[i]! - mean) ** 2;
  }
  return xy / xx;
}

const names = process.argv.slice(2).filter(name => name !== 'parts');
const isParts = process.argv.includes('parts');
const rows: string[][] = [];
for (const name of isParts ? ['eight-gaussians'] : ['eight-gaussians', 'moons']) {
  const dataset = await openDataset(name);
  const read = (count: number, stream: string) => {
    const z = new Float64Array(2 * count);
    dataset.read(
      z,
      key(99, stream),
      Uint32Array.from({ length: count }, (_, i) => i),
    );
    return z;
  };
  // The law of data with noise: a Parzen density of many fresh points, exact but for their number.
  const exact = parzen(
    { data: Float32Array.from(read(40_000, 'parzen')), shape: [40_000, 2] },
    { window: 'gaussian', width: sigma },
  );
  const points = read(1000, 'points');
  const noise = new Float32Array(points.length);
  fillNormal(noise, key(99, 'noise'), { step: 0, size: 2 });
  const noisy = points.map((value, i) => value + sigma * noise[i]!);
  const truth = Float64Array.from({ length: 1000 }, (_, i) =>
    exact.logDensity(noisy.subarray(2 * i, 2 * i + 2)),
  );
  const x = { data: dataset.transform.inverse(noisy, new Float64Array(2000)), shape: [1000, 2] };
  const determinants = dataset.transform.logDeterminants(x.data);
  const side = Math.round((2 * HALF) / STEP);
  const places = Float64Array.from({ length: 2 * side ** 2 }, (_, i) => {
    const cell = i >> 1;
    return -HALF + STEP * (0.5 + (i % 2 === 0 ? cell % side : Math.floor(cell / side)));
  });
  const lattice = {
    data: dataset.transform.inverse(places, new Float64Array(places.length)),
    shape: [side ** 2, 2],
  };
  const latticeSizes = dataset.transform.logDeterminants(lattice.data);
  for (const [way, objective] of isParts ? parts : ways) {
    if (names.length > 0 && !names.includes(`${name}, ${way}`)) continue;
    const run = await train({
      ...{ data: name, engine, steps, batch, learningRate },
      ...{ sde: 've', net: 'energy', objective },
    });
    const { logProbability, logZ } = await scoreEnergies(run, x, { engine });
    // The same integral by a sum over a lattice in model units.
    const free = await scoreEnergies(run, lattice, { engine, normalise: false });
    const mass = free.logProbability.reduce((sum, value, i) => sum + Math.exp(value - latticeSizes[i]!), 0);
    const own = logProbability.map((value, i) => value - determinants[i]!);
    const difference = (values: Float64Array) =>
      Float64Array.from({ length: 2000 }, (_, k) => values[k % 1000]! - values[(k * 7 + 13) % 1000]!);
    const below = truth.reduce((sum, value, i) => sum + value - own[i]!, 0) / 1000;
    rows.push([
      `${name}, ${way}`,
      correlation(difference(own), difference(truth)).toFixed(3),
      below.toFixed(3),
      `${logZ!.value.toFixed(3)} ± ${logZ!.standardError.toFixed(3)}`,
      Math.log(mass * STEP ** 2).toFixed(3),
    ]);
    process.stderr.write(`${rows.at(-1)!.join(' | ')}\n`);
  }
}
console.log(cells(['', 'rank correlation', 'nats below the exact', 'log Z', 'log Z by a sum'], rows));
process.exit(0);
