import { failure, usage } from '../../errors.ts';
import { type Eigen, symmetricEigen } from '../../math/eigenvectors.ts';
import type { PlainTensor } from '../../tensor/types.ts';
import type { TableTransform, TableTransformJson } from '../contract.ts';
import { type CellMap, cellMap } from './cell-map.ts';
import { contextWidth, MOST_ROTATED } from './contexts.ts';
import { type Conditional, conditionals, type Gaussian, STATES } from './gaussian.ts';

/**
 * The transform of a table: each cell by its own map, y, then each coordinate to mean 0 and variance 1 over
 * the Gaussian of all rows, z = (y − m)/s; 0 for what is not generated. It also holds that Gaussian's
 * correlations, from which a model starts, and so tells a conditional model what the Gaussian says of each
 * row.
 */
export function tableTransform({ cells: jsons, gaussian: numbers }: TableTransformJson): TableTransform {
  const cells = jsons.map(cellMap);
  const places = placesOf(cells);
  const size = cells.reduce((sum, { width }) => sum + width, 0);
  const gaussian = {
    mean: Float64Array.from(numbers.mean),
    covariance: Float64Array.from(numbers.covariance),
  };
  if (gaussian.mean.length !== size || ![size, size * size].includes(gaussian.covariance.length))
    throw usage('the Gaussian does not fit the cells', {
      where: 'transform',
      got: `${gaussian.mean.length} means and ${gaussian.covariance.length} covariances`,
      expected: `${size} and ${size * size}, or ${size} variances`,
    });
  const full = gaussian.covariance.length > size;
  const std = gaussian.mean.map((_, d) => Math.sqrt(gaussian.covariance[full ? d * (size + 1) : d]!));
  const correlations = {
    mean: new Float64Array(size),
    covariance: gaussian.covariance.map((value, at) =>
      full ? value / (std[Math.floor(at / size)]! * std[at % size]!) : 1,
    ),
  };
  const conditionalOf = conditionals(correlations);
  const eigenOf = eigenFor(size, conditionalOf);
  const parts = { cells, places, size, width: cells.length, gaussian, std, conditionalOf, eigenOf };
  return Object.freeze({
    kind: 'table' as const,
    width: cells.length,
    size,
    cells,
    places,
    gaussian,
    std,
    steps: cells.some(({ draws }) => draws),
    bins: cells.every(({ draws, width }) => draws && width === 1 && cells.length > 0) && cells.every(isGrid),
    logStep: cells.reduce((sum, { logStep }) => sum + logStep, 0),
    spread: (x: ArrayLike<number>, u: Float64Array) => spread(parts, x, u),
    settle: (points: Float64Array) => settle(parts, points),
    coordinates: (points: Float64Array) => coordinates(parts, points),
    forward: <T extends Float32Array | Float64Array>(
      points: ArrayLike<number>,
      out: T,
      states?: Uint8Array,
    ) => forward(parts, points, out, states),
    inverse: <T extends Float32Array | Float64Array>(z: ArrayLike<number>, out: T, states?: Uint8Array) =>
      inverse(parts, z, out, states),
    context: (points: ArrayLike<number>, states: Uint8Array) => context(parts, points, states),
    ...(full && { correlations: correlations.covariance }),
    states: (asked: Uint8Array) => spreadStates(parts, asked),
    logDeterminants: (points: ArrayLike<number>, states?: Uint8Array) =>
      logDeterminants(parts, points, states),
    logCells: (x: ArrayLike<number>, points: Float64Array, states?: Uint8Array) =>
      logCells(parts, x, points, states),
    toJSON: () => ({ cells: jsons, gaussian: numbers }),
  });
}

interface Parts {
  readonly cells: readonly CellMap[];
  /** The cell of each coordinate. */
  readonly places: Uint32Array;
  readonly size: number;
  readonly width: number;
  readonly gaussian: Gaussian;
  /** Standard deviation of each coordinate. */
  readonly std: Float64Array;
  /** The conditional Gaussian of standardised coordinates. */
  readonly conditionalOf: (states: Uint8Array) => Conditional;
  readonly eigenOf: (states: Uint8Array) => Eigen;
}

const isGrid = (cell: CellMap) => cell.toJSON().kind === 'number' && cell.draws;

function placesOf(cells: readonly CellMap[]): Uint32Array {
  return Uint32Array.from(cells.flatMap(({ width }, c) => Array<number>(width).fill(c)));
}

/** The first coordinate of each cell. */
function* eachCell({ cells }: Pick<Parts, 'cells'>): Generator<{ cell: CellMap; c: number; first: number }> {
  let first = 0;
  for (const [c, cell] of cells.entries()) {
    yield { cell, c, first };
    first += cell.width;
  }
}

function spread(parts: Parts, x: ArrayLike<number>, u: Float64Array): Float64Array {
  const { size, width } = parts;
  const rows = checkedRows(x, width);
  const points = new Float64Array(rows * size);
  for (const { cell, c, first } of eachCell(parts))
    for (let row = 0; row < rows; row++) {
      const at = row * size + first;
      cell.spread(x[row * width + c]!, u.subarray(at, at + cell.width), points.subarray(at, at + cell.width));
    }
  return points;
}

function settle(parts: Parts, points: Float64Array): Float64Array {
  const { size, width } = parts;
  const rows = checkedRows(points, size);
  const x = new Float64Array(rows * width);
  for (const { cell, c, first } of eachCell(parts))
    for (let row = 0; row < rows; row++) {
      const at = row * size + first;
      x[row * width + c] = cell.settle(points.subarray(at, at + cell.width));
    }
  return x;
}

function coordinates({ cells, places, size }: Parts, points: ArrayLike<number>): Float64Array {
  const y = new Float64Array(points.length);
  for (let i = 0; i < y.length; i++) {
    const point = points[i]!;
    y[i] = Number.isNaN(point) ? point : cells[places[i % size]!]!.forward(point);
  }
  return y;
}

/** States of each row: those passed, or generated where there is a value and absent where there is none. */
function statesOf({ size }: Parts, points: ArrayLike<number>, states: Uint8Array | undefined, row: number) {
  if (states) return states.length === size ? states : states.subarray(row * size, (row + 1) * size);
  const own = new Uint8Array(size);
  for (let d = 0; d < size; d++)
    own[d] = Number.isNaN(points[row * size + d]) ? STATES.absent : STATES.generated;
  return own;
}

function forward<T extends Float32Array | Float64Array>(
  parts: Parts,
  points: ArrayLike<number>,
  out: T,
  states?: Uint8Array,
): T {
  const { size, gaussian, std } = parts;
  const y = coordinates(parts, points);
  const rows = checkedRows(points, size);
  for (let row = 0; row < rows; row++) {
    const own = statesOf(parts, points, states, row);
    for (let d = 0; d < size; d++) {
      const at = row * size + d;
      out[at] = own[d] === STATES.generated ? (y[at]! - gaussian.mean[d]!) / std[d]! : 0;
    }
  }
  return out;
}

function inverse<T extends Float32Array | Float64Array>(
  { cells, places, size, gaussian, std }: Parts,
  z: ArrayLike<number>,
  out: T,
  states?: Uint8Array,
): T {
  for (let i = 0; i < z.length; i++) {
    const d = i % size;
    if (states && states[states.length === size ? d : i] !== STATES.generated) continue;
    out[i] = cells[places[d]!]!.inverse(gaussian.mean[d]! + std[d]! * z[i]!);
  }
  return out;
}

function context(parts: Parts, points: ArrayLike<number>, states: Uint8Array): PlainTensor {
  const { cells, places, size, gaussian, std } = parts;
  const rows = checkedRows(points, size);
  const width = contextWidth(size);
  const data = new Float32Array(rows * width);
  const known = new Float64Array(size);
  for (let row = 0; row < rows; row++) {
    const own = statesOf(parts, points, states, row);
    const out = data.subarray(row * width, (row + 1) * width);
    for (let d = 0; d < size; d++) {
      const isKnown = own[d] === STATES.known;
      const y = isKnown ? cells[places[d]!]!.forward(points[row * size + d]!) : gaussian.mean[d]!;
      known[d] = (y - gaussian.mean[d]!) / std[d]!;
      out[d] = known[d]!;
      out[size + d] = isKnown ? 1 : 0;
      out[2 * size + d] = own[d] === STATES.absent ? 1 : 0;
    }
    writeGaussian(parts, own, known, out.subarray(3 * size));
  }
  return { data, shape: [rows, width] };
}

/** The Gaussian of the generated coordinates given the known: λ, Uᵀm and U, or whether all are generated. */
function writeGaussian(
  { size, conditionalOf, eigenOf }: Parts,
  states: Uint8Array,
  known: Float64Array,
  out: Float32Array,
): void {
  if (size > MOST_ROTATED) {
    out[0] = states.every(state => state === STATES.generated) ? 1 : 0;
    return;
  }
  const { values, vectors } = eigenOf(states);
  const { generated, known: places, regression } = conditionalOf(states);
  const mean = new Float64Array(size);
  for (const [i, d] of generated.entries())
    for (const [j, k] of places.entries()) mean[d]! += regression[i * places.length + j]! * known[k]!;
  for (let i = 0; i < size; i++) {
    out[i] = values[i]!;
    let sum = 0;
    for (let d = 0; d < size; d++) sum += vectors[d * size + i]! * mean[d]!;
    out[size + i] = sum;
  }
  out.set(vectors, 2 * size);
}

/**
 * Eigenvalues and eigenvectors of the conditional covariance; 1 and unit vectors where nothing is generated.
 */
function eigenFor(size: number, conditionalOf: Parts['conditionalOf']): Parts['eigenOf'] {
  const kept = new Map<string, Eigen>();
  return states => {
    const name = states.join('');
    const former = kept.get(name);
    if (former) return former;
    if (kept.size >= MOST_KEPT) kept.clear();
    const { generated, factor } = conditionalOf(states);
    const count = generated.length;
    const covariance = new Float64Array(size * size);
    for (let d = 0; d < size; d++) covariance[d * size + d] = 1;
    for (let i = 0; i < count; i++)
      for (let j = 0; j <= i; j++) {
        let sum = 0;
        for (let k = 0; k <= j; k++) sum += factor[i * count + k]! * factor[j * count + k]!;
        covariance[generated[i]! * size + generated[j]!] = sum;
        covariance[generated[j]! * size + generated[i]!] = sum;
      }
    const eigen = symmetricEigen(covariance, size);
    kept.set(name, eigen);
    return eigen;
  };
}

const MOST_KEPT = 512;

/** States of coordinates from those of cells. */
function spreadStates({ places, size, width }: Parts, asked: Uint8Array): Uint8Array {
  const rows = checkedRows(asked, width);
  const out = new Uint8Array(rows * size);
  for (let i = 0; i < out.length; i++) out[i] = asked[Math.floor(i / size) * width + places[i % size]!]!;
  return out;
}

function logDeterminants(parts: Parts, points: ArrayLike<number>, states?: Uint8Array): Float64Array {
  const { cells, places, size, std } = parts;
  const out = new Float64Array(checkedRows(points, size));
  for (let row = 0; row < out.length; row++) {
    const own = statesOf(parts, points, states, row);
    for (let d = 0; d < size; d++)
      if (own[d] === STATES.generated)
        out[row]! += cells[places[d]!]!.logSlope(points[row * size + d]!) - Math.log(std[d]!);
  }
  return out;
}

function logCells(
  parts: Parts,
  x: ArrayLike<number>,
  points: Float64Array,
  states?: Uint8Array,
): Float64Array {
  const { size, width } = parts;
  const out = new Float64Array(checkedRows(points, size));
  for (let row = 0; row < out.length; row++) {
    const own = statesOf(parts, points, states, row);
    for (const { cell, c, first } of eachCell(parts)) {
      const at = row * size + first;
      if (own[first] === STATES.generated)
        out[row]! += cell.logCell(x[row * width + c]!, points.subarray(at, at + cell.width));
    }
  }
  return out;
}

function checkedRows(values: ArrayLike<number>, size: number): number {
  if (values.length % size === 0) return values.length / size;
  throw failure('rows of the wrong width', {
    where: 'transform',
    got: `${values.length} values`,
    expected: `rows of ${size}`,
  });
}
