export { boundTexts, type ColumnBound, type ColumnBounds, endText } from './columns/bounds.ts';
export { parseBounds } from './columns/bounds-text.ts';
export { type CellJson, type CellOptions, cellText, cellValue } from './columns/cells.ts';
export { type ColumnChoice, columnList } from './columns/choice.ts';
export { columnReader, writingOf } from './columns/column-reader.ts';
export {
  type CategoryKind,
  type ColumnKind,
  columnKindSchema,
  type KindChoices,
  type KindName,
  type KnownKind,
  kindNames,
  type LayoutColumn,
  type NumberText,
  type TableLayout,
  tableLayoutSchema,
} from './columns/kinds.ts';
export { unitFactor } from './columns/unit-factors.ts';
export { splitName } from './columns/unit-names.ts';
export { shortUnit } from './columns/units.ts';
export { type RowForm, rowForms, rowsAsObjects, rowsAsText, type WriteOptions } from './columns/write.ts';
export type { Contexts, Dataset, Labels, Mixture, MixtureStart } from './contract.ts';
export { type Density, densityDataset } from './density.ts';
export { type FiniteOptions, finiteDataset } from './finite.ts';
export {
  type Dialect,
  type Missing,
  missingPolicies,
  type TextOptions,
  type TextTable,
} from './formats/text/contract.ts';
export { type NamedFile, type OpenOptions, openDataset } from './open.browser.ts';
export type { Overlap } from './overlap.ts';
export type { RowHashes } from './row-hashes.ts';
export { type Scaling, scalings, type TableScalingName, tableScalings } from './scalings.ts';
export { type Split, split, TEST_FRACTION } from './split.ts';
export type { Numbers, Table } from './table.ts';
export { type ToyName, toys } from './toys/index.ts';
export { mixtureDensity } from './toys/mixtures.ts';
export type { CellKind } from './units/cell-rows.ts';
export type { Column } from './units/column.ts';
export type {
  AffineTransform,
  AffineTransformJson,
  TableTransform,
  TableTransformJson,
  Transform,
  TransformJson,
} from './units/contract.ts';
export { fitTable } from './units/fit-table.ts';
export { standardGaussian } from './units/gaussian.ts';
export { gaussianLogDensities } from './units/gaussian-density.ts';
export { type Grid, gridSchema, makeGrid } from './units/grid.ts';
export { type GaussianMixture, mixtureLogDensities } from './units/mixture.ts';
export { fitMixture } from './units/mixture-fit.ts';
export { mixtureJson } from './units/mixture-json.ts';
export { gridsOfTransform } from './units/steps.ts';
export {
  affine,
  affineOf,
  bitsPerDimension,
  compose,
  identity,
  transformFromJson,
  transformMixture,
} from './units/transform.ts';
