import { type Key, key } from '../../random/index.ts';
import type { CellMapJson } from './cell-map.ts';
import { bentMargins, cellsOf, plainMargins, pointsOf } from './cell-points.ts';
import { type CellRows, coordinatesOf, thinned } from './cell-rows.ts';
import type { MixtureJson, TableTransform, TableTransformJson } from './contract.ts';
import { type Gaussian, stdsOf } from './gaussian.ts';
import { definite, fitGaussian, independentGaussian } from './gaussian-fit.ts';
import { fitMixture, type MixtureFit } from './mixture-fit.ts';
import { mixtureJson } from './mixture-json.ts';
import { tableTransform } from './table-transform.ts';

/** How a table is scaled, and what its model starts from. */
export interface TableScaling {
  /** Whether each margin is mapped to a normal one by a mixture; else by its mean and standard deviation. */
  readonly margins: boolean;
  /** By what share correlations are shrunk before the model starts from them: 0 not at all, 1 to none. */
  readonly shrinkage: number;
  /** The mixture from which the model starts; absent for one Gaussian. */
  readonly mixture?: MixtureFit | undefined;
}

/** Most coordinates with a full covariance: it costs D² operations a row. */
export const MOST_CORRELATED = 128;
/** Most rows to which a mixture is fitted. */
const MOST_ROWS = 3000;

/** The transform of a table with this scaling, fitted to rows. */
export function fitTable(rows: CellRows, scaling: TableScaling, seed: number): TableTransform {
  return tableTransform(transformOf(rows, scaling, key(seed, 'fit')));
}

function transformOf(rows: CellRows, scaling: TableScaling, draws: Key): TableTransformJson {
  const cells = cellsOf(rows, scaling.margins ? bentMargins : plainMargins, draws);
  const full = coordinatesOf(rows.kinds) <= MOST_CORRELATED;
  const gaussian = definite(gaussianOf(rows, cells, draws), full ? scaling.shrinkage : 1);
  const { mean, covariance } = gaussian;
  const mixture = scaling.mixture && mixtureOf(rows, cells, gaussian, scaling.mixture, draws);
  return {
    cells,
    gaussian: { mean: [...mean], covariance: [...covariance] },
    ...(mixture && { mixture }),
  };
}

/** The Gaussian of rows, as coordinates before they are standardised. */
export function gaussianOf(rows: CellRows, cells: readonly CellMapJson[], draws: Key): Gaussian {
  const { coordinates, size } = pointsOf(rows, cells, draws);
  return size <= MOST_CORRELATED ? fitGaussian(coordinates, size) : independentGaussian(coordinates, size);
}

/** Coordinates `[n, D]` with mean 0 and variance 1 over a Gaussian, in place. */
export function standardise(coordinates: Float64Array, gaussian: Gaussian): Float64Array {
  const { mean } = gaussian;
  const std = stdsOf(gaussian);
  for (let i = 0; i < coordinates.length; i++) {
    const d = i % mean.length;
    coordinates[i] = (coordinates[i]! - mean[d]!) / std[d]!;
  }
  return coordinates;
}

function mixtureOf(
  rows: CellRows,
  cells: readonly CellMapJson[],
  gaussian: Gaussian,
  how: MixtureFit,
  draws: Key,
): MixtureJson {
  const few = thinned(rows, MOST_ROWS, { ...draws, stream: 'fit/rows' });
  const { coordinates, size } = pointsOf(few, cells, draws);
  return mixtureJson(fitMixture(standardise(coordinates, gaussian), size, how, draws));
}
