import { usage } from '../errors.ts';
import { concat, fromHost, matmul, type PlainTensor, reshape, sizeOf, type Tensor } from '../tensor/index.ts';
import { canonical } from './canonical.ts';
import { type Chart, inData } from './chart.ts';
import type { DensityPart, Law, NoisyPart, Part, TracedPart } from './contract.ts';
import type { Bounds, Observation, Readings } from './observation.ts';
import { inModel, type ModelRow } from './rows.ts';

/**
 * The parts in model units: linear readings as independent ones along orthonormal directions, linear bounds
 * with rows of unit length, the rest as tensor operations. With `steps`, exact values on a grid are bounds,
 * the ends of their steps, where these are not short; default false: readings with the variance of the step.
 * @throws usage for measurements that contradict one another, and for a classifier of other samples
 */
export function observe(
  parts: readonly Part[],
  chart: Chart,
  { steps = false }: { readonly steps?: boolean } = {},
): Observation {
  const { rows: modelRows, traced: bent, logScale } = inModel(parts, chart, steps);
  const traced = [...parts.filter((part): part is TracedPart => part.kind === 'traced'), ...bent];
  const densities = parts.filter((part): part is DensityPart => part.kind === 'density');
  const curves = [...traced.filter(isReading), ...traced.filter(part => !isReading(part))];
  const size = sizeOf(chart.shape);
  const rows = linearRows(modelRows, size);
  const data = inData(chart);
  const tensor = (matrix: Float64Array): PlainTensor[] =>
    matrix.length === 0 ? [] : [{ data: Float32Array.from(matrix), shape: [matrix.length / size, size] }];
  const matrices = [...tensor(rows.matrix), ...tensor(rows.boundMatrix)];
  // Rows of few numbers enter with each call, so that other questions share the programs of this one.
  const enter = matrices.reduce((sum, { data }) => sum + data.length, 0) <= MOST_ENTERING;
  const noisy = noisyOf(parts, enter ? [] : matrices, chart);
  const hasReadings = rows.matrix.length > 0;
  const apply = (constants: readonly Tensor[], z: Tensor): Tensor => {
    const flat = reshape(z, [z.shape[0]!, size]);
    const held = enter ? matrices.map(({ data, shape }) => fromHost(data, shape)) : constants;
    const products = matrices.map((_, i) => matmul(flat, held[i]!, false, true));
    const x = curves.length > 0 ? data(z) : z;
    const values = curves.map(({ apply, count }) => reshape(apply(x), [z.shape[0]!, count]));
    const readings = curves.filter(isReading).length;
    const ordered = [
      ...products.slice(0, hasReadings ? 1 : 0),
      ...values.slice(0, readings),
      ...products.slice(hasReadings ? 1 : 0),
      ...values.slice(readings),
    ];
    return ordered.length === 1 ? ordered[0]! : concat(ordered, 1);
  };
  const readings = joinedReadings(rows, curves);
  const bounds = joinedBounds(rows.bounds, curves);
  return Object.freeze({
    shape: chart.shape,
    text: parts.map(({ text }) => text).join(', '),
    count: readings.value.length + bounds.low.length,
    linear: curves.length === 0 && densities.length === 0,
    readings,
    bounds,
    rows: matrices,
    ...noisy,
    apply,
    densities: densities.map(
      ({ logLikelihood }) =>
        (z: Tensor) =>
          logLikelihood(data(z)),
    ),
    logScale: rows.logScale + logScale,
  });
}

/** The most numbers of rows that enter with each call. */
const MOST_ENTERING = 4096;

/** Likelihoods of noisy samples, each with its own constants behind the others. */
function noisyOf(
  parts: readonly Part[],
  first: readonly PlainTensor[],
  chart: Chart,
): Pick<Observation, 'weights' | 'noisy'> {
  const weights = [...first];
  const noisy = parts
    .filter((part): part is NoisyPart => part.kind === 'noisy')
    .map(part => {
      const { text, shape } = part;
      if (shape && `${shape}` !== `${chart.shape}`)
        throw usage('The classifier is for samples of another shape', {
          where: text,
          got: `[${shape}]`,
          expected: `[${chart.shape}], in model units`,
        });
      const at = weights.length;
      weights.push(...part.weights);
      const own = (all: readonly Tensor[]) => all.slice(at, at + part.weights.length);
      return (...[all, x, t]: Parameters<NoisyPart['logLikelihood']>) => part.logLikelihood(own(all), x, t);
    });
  return { weights, noisy };
}

const isReading = ({ law }: { readonly law: Law }): boolean => law.kind === 'normal';

interface Rows extends Readings {
  readonly matrix: Float64Array;
  readonly logScale: number;
  readonly bounds: Bounds;
  readonly boundMatrix: Float64Array;
}

function linearRows(rows: readonly ModelRow[], size: number): Rows {
  const matrix: number[] = [];
  const [value, std, texts]: [number[], number[], string[]] = [[], [], []];
  const bounds = { matrix: [] as number[], low: [] as number[], high: [] as number[] };
  let logScale = 0;
  for (const { row, law, text, logScale: own } of rows) {
    logScale += own;
    if (law.kind === 'normal') {
      for (const entry of row) matrix.push(entry);
      value.push(law.value);
      std.push(law.std);
      texts.push(text);
    } else {
      const length = Math.hypot(...row);
      for (const entry of row) bounds.matrix.push(entry / length);
      bounds.low.push(law.low / length);
      bounds.high.push(law.high / length);
    }
  }
  const system = canonical({
    size,
    matrix: Float64Array.from(matrix),
    value: Float64Array.from(value),
    std: Float64Array.from(std),
    texts,
  });
  return {
    ...system,
    logScale: system.logScale + logScale,
    boundMatrix: Float64Array.from(bounds.matrix),
    bounds: { low: Float64Array.from(bounds.low), high: Float64Array.from(bounds.high) },
  };
}

/** The least standard deviation of the error of a reading that is not linear, as a part of its size. */
const LEAST = 1e-4;

function joinedReadings({ value, variance }: Readings, curves: readonly TracedPart[]): Readings {
  const laws = curves.map(({ law }) => law).filter(law => law.kind === 'normal');
  const all = (head: Float64Array, tail: readonly (readonly number[])[]) =>
    Float64Array.from([...head, ...tail.flat()]);
  return {
    value: all(
      value,
      laws.map(law => [...law.value]),
    ),
    variance: all(
      variance,
      laws.map(law =>
        [...law.std].map((std, i) => Math.max(std, LEAST * Math.max(1, Math.abs(law.value[i]!))) ** 2),
      ),
    ),
  };
}

function joinedBounds({ low, high }: Bounds, curves: readonly TracedPart[]): Bounds {
  const laws = curves.map(({ law }) => law).filter(law => law.kind === 'between');
  return {
    low: Float64Array.from([...low, ...laws.flatMap(law => [...law.low])]),
    high: Float64Array.from([...high, ...laws.flatMap(law => [...law.high])]),
  };
}

/** Exact linear values in the units of the data: rows [k, D], y [k]. */
export interface ExactRows {
  readonly matrix: Float64Array;
  readonly value: Float64Array;
}

/** The exact linear values among parts, for a last projection of samples. */
export function exactRows(parts: readonly Part[]): ExactRows {
  const matrix: number[] = [];
  const value: number[] = [];
  for (const part of parts) {
    if (part.kind !== 'linear' || part.law.kind !== 'normal') continue;
    const { matrix: rows, law, count } = part;
    const size = rows.length / count;
    for (let i = 0; i < count; i++) {
      if (law.std[i] !== 0) continue;
      for (const entry of rows.subarray(i * size, (i + 1) * size)) matrix.push(entry);
      value.push(law.value[i]!);
    }
  }
  return { matrix: Float64Array.from(matrix), value: Float64Array.from(value) };
}
