/**
 * Tables, pictures and toy densities.
 * @module langevin/data
 */

export type { FetchOptions } from '../data/download/fetch-file.ts';
export type { DecimalMark } from '../data/formats/text/numerals.ts';
export {
  bitsPerDimension,
  type Column,
  type Dataset,
  type Density,
  type Downloaded,
  type DownloadOptions,
  densityDataset,
  download,
  downloads,
  type FiniteOptions,
  finiteDataset,
  type Grid as ColumnGrid,
  type ImageOptions,
  type Labels,
  type Mixture,
  mixtureDensity,
  type Numbers,
  type OpenOptions,
  openDataset,
  readImageFolder,
  type Scaling,
  scalings,
  type Table,
  type TextOptions,
  type ToyName,
  type Transform,
  type TransformJson,
  toys,
} from '../data/index.ts';
export type { TableLabels } from '../data/labels.ts';
export type { ColumnParts } from '../data/units/column.ts';
export type { GridJson as ColumnGridJson } from '../data/units/grid.ts';
export type { NumberArray } from '../files/index.ts';
export { type Key, key as randomKey } from '../random/index.ts';
