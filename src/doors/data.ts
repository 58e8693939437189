/**
 * Tables, pictures and toy densities.
 * @module langevin/data
 */

export type { FetchOptions } from '../data/download/fetch-file.ts';
export type { DecimalMark } from '../data/formats/text/numerals.ts';
export {
  type AffineTransform,
  type AffineTransformJson,
  affineOf,
  bitsPerDimension,
  type CategoryKind,
  type CellJson,
  type CellOptions,
  type Column,
  type ColumnBound,
  type ColumnBounds,
  type ColumnKind,
  type Contexts as RowContexts,
  cellText,
  cellValue,
  type Dataset,
  type Density,
  type Dialect as TextLayout,
  type Downloaded,
  type DownloadOptions,
  densityDataset,
  download,
  downloads,
  type FiniteOptions,
  finiteDataset,
  type Grid as ColumnGrid,
  type ImageOptions,
  inferKinds,
  type KindChoices,
  type KindName,
  type KnownKind,
  kindNames,
  type Labels,
  type LayoutColumn,
  type Missing,
  type Mixture,
  type MixtureStart,
  missingPolicies,
  mixtureDensity,
  type NamedFile,
  type Numbers,
  type NumberText,
  type OpenOptions,
  type Overlap,
  openDataset,
  parseBounds,
  parseKinds,
  type RowAtom,
  type RowForm,
  type RowHashes,
  readImageFolder,
  rowForms,
  rowsAsObjects,
  rowsAsText,
  type Scaling,
  type Stranger,
  scalings,
  type Table,
  type TableKinds,
  type TableLayout,
  type TableScalingName,
  type TableTransform,
  type TableTransformJson,
  type TextColumnOptions,
  type TextOptions,
  type TextTable,
  type ToyName,
  type Transform,
  type TransformJson,
  tableOfRows,
  tableScalings,
  toys,
  type WriteOptions,
} from '../data/index.ts';
export type { TableLabels } from '../data/labels.ts';
export type { AskedComponent } from '../data/units/asked-mixture.ts';
export type { Atom, Atoms } from '../data/units/atoms.ts';
export type { CellMap, CellMapJson } from '../data/units/cell-map.ts';
export type { ColumnParts } from '../data/units/column.ts';
export type { MixtureJson } from '../data/units/contract.ts';
export type { Gaussian as TableGaussian } from '../data/units/gaussian.ts';
export type { GridJson as ColumnGridJson } from '../data/units/grid.ts';
export type { Margin, MarginJson } from '../data/units/margin.ts';
export { type GaussianMixture, mixtureLogDensities } from '../data/units/mixture.ts';
export { fitMixture, type MixtureFit } from '../data/units/mixture-fit.ts';
export type { NumberArray } from '../files/index.ts';
export type { Eigen } from '../math/eigenvectors.ts';
export type { HalfSpace } from '../math/half-space.ts';
export { type Key, key as randomKey } from '../random/index.ts';
