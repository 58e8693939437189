import { normalCdf } from '../../math/normal.ts';
import type { MarginJson } from './margin.ts';

/** Numbers of components that are tried. */
const COMPONENTS = [2, 3, 4, 6, 8];
/** Most values a fit sees. More would only cost time. */
const MOST_VALUES = 2000;
/** Numbers of components in a row that describe the values no better, after which no more are tried. */
const MOST_WORSE = 2;
/** Places on which expectation and maximisation works: single values at each end, and groups between. */
const [ENDS, GROUPS] = [30, 140];
/** Most steps of expectation and maximisation, and the gain in nats a value below which they end. */
const ITERATIONS = 60;
const LEAST_GAIN = 1e-5;
/** Smallest standard deviation of a component, relative to that of the bulk of the values. */
const NARROWEST = 0.05;

/** One Gaussian: mean and standard deviation of the values. */
export function gaussianMargin(values: ArrayLike<number>, width = 0): MarginJson {
  const { mean, std } = momentsOf(values);
  return { weights: [1], means: [mean], stds: [Math.hypot(std, width / Math.sqrt(12)) || 1] };
}

/**
 * The Gaussian mixture of one column, by expectation and maximisation from quantiles. The number of
 * components has the least BIC (Schwarz 1978): −2·log likelihood + parameters·log n. Only one peak is
 * allowed, but for peaks of a few wild values: a map that levels several peaks hides from the network what it
 * learns best.
 * @param values the values of the column, finite
 * @param width the step of a column on a grid, which a component may not undercut; else 0
 * @param counts numbers of components that are tried beside one, in rising order
 */
export function fitMargin(
  values: Float64Array,
  width = 0,
  counts: readonly number[] = COMPONENTS,
): MarginJson {
  const sorted = thinned(values.toSorted());
  const bulk = (at(sorted, 0.75) - at(sorted, 0.25)) / 1.349;
  const single = gaussianMargin(sorted, width);
  const floor = Math.max(NARROWEST * (bulk || single.stds[0]!), width / 2);
  let best = { json: single, bic: bicOf(single, sorted) };
  let [least, worse] = [best.bic, 0];
  const groups = grouped(sorted);
  for (const components of counts) {
    if (sorted.length < 12 * components || worse === MOST_WORSE) break;
    const json = expectationMaximisation(groups, startOf(sorted, components, floor), floor);
    const bic = bicOf(json, sorted);
    worse = bic < least ? 0 : worse + 1;
    least = Math.min(least, bic);
    if (bic < best.bic && hasOnePeak(json)) best = { json, bic };
  }
  return best.json;
}

/** Share of the values that may lie in other peaks. */
const WILD = 0.03;
/** Depth of a valley between two peaks, relative to the lower one, below which they count as one. */
const SHALLOW = 0.15;

/** Whether the density has one peak, but for peaks that hold less than 3 % of the values. */
function hasOnePeak(json: MarginJson): boolean {
  const { means, stds } = json;
  const places = means
    .flatMap((mean, k) => Array.from({ length: 17 }, (_, i) => mean + ((i - 8) / 4) * stds[k]!))
    .sort((a, b) => a - b);
  const shares = new Float64Array(means.length);
  const mixture = preparedOf(json);
  const density = places.map(x => Math.exp(responsibilities(x, mixture, shares)));
  let [peak, valley] = [density[0]!, Infinity];
  let valleyAt = places[0]!;
  for (const [i, value] of density.entries()) {
    if (value < valley) [valley, valleyAt] = [value, places[i]!];
    const isSecond = valley < (1 - SHALLOW) * Math.min(peak, value);
    if (isSecond && Math.min(below(json, valleyAt), 1 - below(json, valleyAt)) > WILD) return false;
    if (value >= peak) [peak, valley, valleyAt] = [value, value, places[i]!];
  }
  return true;
}

/** The share of the mixture below x. */
const below = ({ weights, means, stds }: MarginJson, x: number) =>
  weights.reduce((sum, weight, k) => sum + weight * normalCdf((x - means[k]!) / stds[k]!), 0);

/** Values that stand for groups of neighbours. */
interface Groups {
  readonly means: Float64Array;
  /** The number of values in each. */
  readonly sizes: Float64Array;
}

/** Sorted values in groups of neighbours, but for those at the ends, which stay alone. */
function grouped(sorted: Float64Array): Groups {
  const n = sorted.length;
  const [low, high] = [Math.min(ENDS, n), Math.min(ENDS, Math.max(0, n - ENDS))];
  const inner = n - low - high;
  const between = Math.min(GROUPS, inner);
  const starts = [
    ...Array.from({ length: low }, (_, i) => i),
    ...Array.from({ length: between }, (_, i) => low + Math.floor((inner * i) / between)),
    ...Array.from({ length: high }, (_, i) => n - high + i),
  ];
  const sizes = Float64Array.from(starts.map((start, i) => (starts[i + 1] ?? n) - start));
  const means = Float64Array.from(
    starts.map((start, i) => momentsOf(sorted.subarray(start, start + sizes[i]!)).mean),
  );
  return { means, sizes };
}

/** Components begin as equal parts of the sorted values. */
function startOf(sorted: Float64Array, components: number, floor: number): MarginJson {
  const n = sorted.length;
  const parts = Array.from({ length: components }, (_, k) =>
    momentsOf(sorted.subarray(Math.floor((n * k) / components), Math.floor((n * (k + 1)) / components))),
  );
  return {
    weights: parts.map(() => 1 / components),
    means: parts.map(({ mean }) => mean),
    stds: parts.map(({ std }) => Math.max(std, floor)),
  };
}

function expectationMaximisation(groups: Groups, start: MarginJson, floor: number): MarginJson {
  let { weights, means, stds } = start;
  const components = weights.length;
  const n = groups.sizes.reduce((sum, size) => sum + size, 0);
  const [shares, mass, first, second] = Array.from({ length: 4 }, () => new Float64Array(components));
  let before = -Infinity;
  for (let i = 0; i < ITERATIONS; i++) {
    for (const sums of [mass!, first!, second!]) sums.fill(0);
    const mixture = preparedOf({ weights, means, stds });
    let nats = 0;
    for (let g = 0; g < groups.means.length; g++) {
      const size = groups.sizes[g]!;
      nats += size * responsibilities(groups.means[g]!, mixture, shares!);
      for (let k = 0; k < components; k++) {
        const d = groups.means[g]! - means[k]!;
        const share = size * shares![k]!;
        mass![k]! += share;
        first![k]! += share * d;
        second![k]! += share * d * d;
      }
    }
    const shifts = means.map((_, k) => (mass![k]! > 0 ? first![k]! / mass![k]! : 0));
    stds = stds.map((_, k) => {
      const variance = mass![k]! > 0 ? second![k]! / mass![k]! - shifts[k]! ** 2 : 0;
      return Math.max(Math.sqrt(Math.max(variance, 0)), floor);
    });
    means = means.map((mean, k) => mean + shifts[k]!);
    weights = weights.map((_, k) => Math.max(mass![k]! / n, 1e-6));
    const sum = weights.reduce((total, weight) => total + weight, 0);
    weights = weights.map(weight => weight / sum);
    if (nats - before < LEAST_GAIN * n) break;
    before = nats;
  }
  return { weights, means, stds };
}

/** The components, with log(weight/std) − ½log 2π of each. */
interface Prepared {
  readonly means: readonly number[];
  readonly stds: readonly number[];
  readonly logs: readonly number[];
}

const preparedOf = ({ weights, means, stds }: MarginJson): Prepared => ({
  means,
  stds,
  logs: weights.map((weight, k) => Math.log(weight / stds[k]!) - 0.5 * Math.log(2 * Math.PI)),
});

/** The share of each component in x. Returns log f(x). */
function responsibilities(x: number, { means, stds, logs }: Prepared, shares: Float64Array): number {
  let most = -Infinity;
  for (let k = 0; k < logs.length; k++) {
    const z = (x - means[k]!) / stds[k]!;
    shares[k] = logs[k]! - 0.5 * z * z;
    if (shares[k]! > most) most = shares[k]!;
  }
  let sum = 0;
  for (let k = 0; k < logs.length; k++) sum += shares[k] = Math.exp(shares[k]! - most);
  for (let k = 0; k < logs.length; k++) shares[k]! /= sum;
  return most + Math.log(sum);
}

/** BIC, with 3K − 1 parameters of K components. */
function bicOf(json: MarginJson, sorted: Float64Array): number {
  const shares = new Float64Array(json.weights.length);
  const mixture = preparedOf(json);
  const likelihood = sorted.reduce((sum, x) => sum + responsibilities(x, mixture, shares), 0);
  return -2 * likelihood + (3 * json.weights.length - 1) * Math.log(sorted.length);
}

function momentsOf(values: ArrayLike<number>): { mean: number; std: number } {
  const n = values.length;
  let [mean, square] = [0, 0];
  for (let i = 0; i < n; i++) mean += (values[i]! - values[0]!) / n;
  mean += values[0]!;
  for (let i = 0; i < n; i++) square += (values[i]! - mean) ** 2 / n;
  return { mean, std: Math.sqrt(square) };
}

const at = (sorted: Float64Array, share: number) => sorted[Math.round(share * (sorted.length - 1))]!;

/** Evenly chosen values of a long sorted list, both ends included. */
function thinned(sorted: Float64Array): Float64Array {
  if (sorted.length <= MOST_VALUES) return sorted;
  return Float64Array.from({ length: MOST_VALUES }, (_, i) => at(sorted, i / (MOST_VALUES - 1)));
}
