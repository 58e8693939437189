export { type Cifar, readCifar } from './cifar.ts';
export type { ColumnChoice } from './columns.ts';
export type { Dataset, Labels, Mixture } from './contract.ts';
export { type CsvOptions, readCsv } from './csv.ts';
export { type Density, densityDataset } from './density.ts';
export { type Downloaded, type DownloadOptions, download, downloads } from './download/index.ts';
export { type FiniteOptions, finiteDataset } from './finite.ts';
export { type Scaling, scalings } from './fit.ts';
export { readIdx } from './idx.ts';
export { isImageFolder } from './image-folder.ts';
export { type ImageOptions, readImageFolder } from './images/folder.ts';
export { type OpenOptions, openDataset } from './open.ts';
export { fileEndings } from './readers.ts';
export { type Split, split } from './split.ts';
export type { Numbers, Table } from './table.ts';
export { type ToyName, toys } from './toys/index.ts';
export { mixtureDensity } from './toys/mixtures.ts';
export {
  affine,
  bitsPerDimension,
  compose,
  identity,
  type Transform,
  type TransformJson,
  transformFromJson,
  transformMixture,
} from './transform.ts';
