import { failure, usage } from '../../errors.ts';
import { type AskedComponent, askedMixture } from './asked-mixture.ts';
import { type CellMap, cellMap } from './cell-map.ts';
import type { MixtureJson, TableTransformJson } from './contract.ts';
import { type Gaussian, isDefinite, STATES, standardGaussian, stdsOf } from './gaussian.ts';
import type { GaussianMixture } from './mixture.ts';

/** The maps of the cells of a row. */
export interface RowCells {
  /** The map of each cell. */
  readonly cells: readonly CellMap[];
  /** D, the number of coordinates. */
  readonly size: number;
  /** C, the number of cells. */
  readonly width: number;
}

/** The cells of a row, counted. */
export const together = (cells: readonly CellMap[]): RowCells => ({
  cells,
  size: cells.reduce((sum, { width }) => sum + width, 0),
  width: cells.length,
});

/** What the maps of a table share. */
export interface TableParts extends RowCells {
  /** The cell of each coordinate, `[D]`. */
  readonly places: Uint32Array;
  /** The Gaussian of the coordinates of all rows. */
  readonly gaussian: Gaussian;
  /** Standard deviation of each coordinate, `[D]`. */
  readonly std: Float64Array;
  /** What a model starts from, over standardised coordinates; absent for N(0, I). */
  readonly base?: GaussianMixture;
  /** K, the number of its components. */
  readonly components: number;
  /** What it says of the generated coordinates of a row. */
  readonly asked: (states: Uint8Array, known: Float64Array) => AskedComponent[];
}

/**
 * The parts of a transform from its JSON.
 * @throws usage for a Gaussian of another size than that of the cells
 */
export function tableParts({ cells: jsons, gaussian: given, mixture }: TableTransformJson): TableParts {
  const { mean, covariance } = given;
  const row = together(jsons.map(cellMap));
  const { cells, size } = row;
  const places = Uint32Array.from(cells.flatMap(({ width }, c) => Array<number>(width).fill(c)));
  const gaussian = { mean: Float64Array.from(mean), covariance: Float64Array.from(covariance) };
  requireSize(gaussian, size);
  requireLaw(gaussian);
  const full = covariance.length > size;
  const std = stdsOf(gaussian);
  const ofRows = { weights: [1], components: [standardGaussian(gaussian)] };
  const base = mixture ? mixtureOfJson(mixture, size) : ofRows;
  return {
    ...{ ...row, places, gaussian, std },
    ...((full || mixture) && { base }),
    components: base.components.length,
    asked: askedMixture(base),
  };
}

function mixtureOfJson({ weights, means, covariances }: MixtureJson, size: number): GaussianMixture {
  const lengths = [...means.map(mean => mean.length * size), ...covariances.map(({ length }) => length)];
  const counts = [means.length, covariances.length, weights.length];
  if (counts.some(count => count !== weights.length) || lengths.some(length => length !== size * size))
    throw usage('the mixture does not fit the cells', {
      where: 'transform',
      got: `${counts[0]} means, ${counts[1]} covariances and ${counts[2]} weights`,
      expected: `as many of each, of ${size} and ${size * size} numbers`,
    });
  const components = means.map((mean, k) => ({
    mean: Float64Array.from(mean),
    covariance: Float64Array.from(covariances[k]!),
  }));
  for (const component of components) requireLaw(component);
  const sum = weights.reduce((total, weight) => total + weight, 0);
  if (!(Math.abs(sum - 1) < 1e-6))
    throw usage('the weights of the mixture do not sum to 1', { where: 'transform', got: sum });
  return { weights, components };
}

/** @throws usage for a Gaussian whose covariance is none: of a file that was edited by hand */
function requireLaw(gaussian: Gaussian): void {
  const { mean, covariance } = gaussian;
  const size = mean.length;
  const isFull = covariance.length > size;
  const variance = (d: number) => covariance[isFull ? d * (size + 1) : d]!;
  const isLaw = [...mean.keys()].every(
    d => Number.isFinite(mean[d]) && variance(d) > 0 && variance(d) < Infinity,
  );
  const isSymmetric =
    !isFull ||
    covariance.every((value, at) => value === covariance[(at % size) * size + Math.floor(at / size)]);
  if (isLaw && isSymmetric && isDefinite(gaussian)) return;
  throw usage('the covariance of a Gaussian has to be symmetric and positive definite', {
    where: 'transform',
    remedy: 'A run is made by langevin train; its config.json is not meant to be edited by hand',
  });
}

function requireSize({ mean, covariance }: Gaussian, size: number): void {
  if (mean.length === size && [size, size * size].includes(covariance.length)) return;
  throw usage('the Gaussian does not fit the cells', {
    where: 'transform',
    got: `${mean.length} means and ${covariance.length} covariances`,
    expected: `${size} and ${size * size}, or ${size} variances`,
  });
}

/** The first coordinate of each cell. */
export function* eachCell({
  cells,
}: Pick<RowCells, 'cells'>): Generator<{ cell: CellMap; c: number; first: number }> {
  let first = 0;
  for (const [c, cell] of cells.entries()) {
    yield { cell, c, first };
    first += cell.width;
  }
}

/**
 * States of the coordinates of one row: those passed; else generated where there is a value, and absent where
 * there is none.
 */
export function rowStates(
  { size }: TableParts,
  points: ArrayLike<number>,
  states: Uint8Array | undefined,
  row: number,
): Uint8Array {
  if (states) return states.length === size ? states : states.subarray(row * size, (row + 1) * size);
  const stateOf = new Uint8Array(size);
  for (let d = 0; d < size; d++)
    stateOf[d] = Number.isNaN(points[row * size + d]) ? STATES.absent : STATES.generated;
  return stateOf;
}

/** The number of rows in `values`. @throws failure for values that are not rows of `size` */
export function rowCount(values: ArrayLike<number>, size: number): number {
  if (values.length % size === 0) return values.length / size;
  throw failure('rows of the wrong width', {
    where: 'transform',
    got: `${values.length} values`,
    expected: `rows of ${size}`,
  });
}
