/**
 * The door of web pages: what `langevin` gives, without folders and native code, and what a page needs
 * besides. Bundlers take it for `langevin` too.
 * @module langevin/browser
 */

export {
  type RowForm,
  rowsAsObjects,
  rowsAsText,
  type WriteOptions,
} from './data/columns/write.ts';
export { type Dataset, densityDataset, finiteDataset, type Table, toys } from './data/index.ts';
export { type NamedFile, type OpenOptions, openDataset } from './data/open.browser.ts';
export { type AutoOptions, type Engine, type EngineName, makeEngine } from './engine/index.ts';
export type { OptionValues } from './errors/shell.ts';
export type { ErrorParts } from './errors.ts';
export { LangevinError } from './errors.ts';
export { exportSafetensors } from './export/safetensors.ts';
export type { StoredAt } from './files/index.ts';
export type { Weighting } from './objectives/index.ts';
export {
  kernelDistance,
  maximumMeanDiscrepancy,
  neighbourhoods,
  slicedWasserstein,
} from './quality/index.ts';
export type { GridSpec } from './registry/grids.ts';
export type { NamedIn, OptionsOf, Table as FactoryTable } from './registry/named.ts';
export type { NetFactory, NetOptions, NetSpec } from './registry/nets.ts';
export type { NamedObjective, ObjectiveSpec } from './registry/objectives.ts';
export type { PresetName } from './registry/presets.ts';
export type { SdeOptions, SdeSpec } from './registry/sdes.ts';
export type { SolverSpec } from './registry/solvers.ts';
export type { NamedPart } from './run/folder/config.ts';
export {
  type ImportedConfig,
  type ModelConfig,
  type RunConfig,
  trainingDefaults,
} from './run/folder/config.ts';
export type { LossPoint, QualityCurve, ValidationCurve } from './run/folder/curves.ts';
export type { HeldOutScore, Report } from './run/folder/report.ts';
export {
  type OpenRunOptions,
  openRun,
  type Run,
  type RunBytes,
  type RunFile,
  type TrainedRun,
} from './run/run.ts';
export type { PreviewOptions, QualityOptions, TrainOptions, WatchOptions } from './run/train/options.ts';
export { train } from './run/train/train.ts';
export { type BoundScores, type LikelihoodBoundOptions, likelihoodBound } from './run/use/bound.ts';
export { type ClassSamples, sampleClasses } from './run/use/classes.ts';
export { type Imputed, type ImputeOptions, impute } from './run/use/impute.ts';
export { type GuidedLabel, type LabelOptions, ofClass, ofClasses } from './run/use/labels.ts';
export { decode, encode } from './run/use/latents.ts';
export type { Summary as ScoreSummary } from './run/use/likelihood.ts';
export { averageScores, logLikelihood, type ScoreOptions, type Scores } from './run/use/likelihood.ts';
export type { UseOptions } from './run/use/options.ts';
export { type DataSamples, defaultSampler, type SampleRunOptions, sample } from './run/use/sample.ts';
export {
  type SampleFrame,
  type SamplePath,
  type SamplePathOptions,
  samplePath,
} from './run/use/trajectory.ts';
export type { BatchOptions, BatchProgress } from './solve/batches.ts';
export type { OnState } from './solve/integrate.ts';
export type { DataTensor, HostTensor, PlainParams, PlainTensor, Shape } from './tensor/types.ts';
