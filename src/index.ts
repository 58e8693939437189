/**
 * The main door: what a script of twenty lines needs. Rooms that people use by themselves have doors of their
 * own, `langevin/solvers` and the like.
 * @module langevin
 */

export { type Dataset, type NamedFile, type OpenOptions, openDataset } from './data/index.ts';
export { type AutoOptions, type Engine, type EngineName, makeEngine } from './engine/index.ts';
export type { OptionValues } from './errors/shell.ts';
export type { ErrorParts } from './errors.ts';
export { LangevinError } from './errors.ts';
export type { StoredAt } from './files/index.ts';
export type { Weighting } from './objectives/index.ts';
export type { GridSpec } from './registry/grids.ts';
export type { NamedIn, OptionsOf, Table as FactoryTable } from './registry/named.ts';
export type { NetFactory, NetOptions, NetSpec } from './registry/nets.ts';
export type { NamedObjective, ObjectiveSpec } from './registry/objectives.ts';
export type { PresetName } from './registry/presets.ts';
export type { SdeOptions, SdeSpec } from './registry/sdes.ts';
export type { SolverSpec } from './registry/solvers.ts';
export { type ClassifierRun, openClassifier } from './run/classifier.ts';
export { openEnsemble } from './run/ensemble.ts';
export type { ClassifierConfig } from './run/folder/classifier-config.ts';
export type { ClassifierReport } from './run/folder/classifier-report.ts';
export type { NamedPart } from './run/folder/config.ts';
export {
  type ImportedConfig,
  type ModelConfig,
  type RunConfig,
  trainingDefaults,
} from './run/folder/config.ts';
export type { LossPoint, QualityCurve, ValidationCurve } from './run/folder/curves.ts';
export { type ImportRunOptions, importRun } from './run/folder/import.ts';
export type { HeldOutScore, Report } from './run/folder/report.ts';
export {
  type OpenRunOptions,
  openRun,
  type Run,
  type RunBytes,
  type RunFile,
  type TrainedRun,
} from './run/run.ts';
export type { TrainClassifierOptions } from './run/train/classifier/options.ts';
export { trainClassifier } from './run/train/classifier/train.ts';
export type {
  OptimizerSpec,
  PreviewOptions,
  QualityOptions,
  TrainOptions,
  WatchOptions,
} from './run/train/options.ts';
export { train } from './run/train/train.ts';
export { type BoundScores, type LikelihoodBoundOptions, likelihoodBound } from './run/use/bound.ts';
export { type ClassSamples, sampleClasses } from './run/use/classes.ts';
export {
  type DensityOptions,
  type SamplesWithDensity,
  sampleDensity,
  type TemperedSamples,
  type TemperOptions,
  temper,
} from './run/use/edit/density.ts';
export { type InterpolateOptions, interpolate } from './run/use/edit/interpolate.ts';
export { type ModesOptions, modes } from './run/use/edit/modes.ts';
export {
  type ReconstructionOptions,
  reconstructionErrors,
  type VaryOptions,
  vary,
} from './run/use/edit/vary.ts';
export { pooled as pooledScores, type Spread as EnsembleSpread } from './run/use/ensemble.ts';
export { type CalibrateOptions, calibrate, type RunCalibration } from './run/use/given/calibrate.ts';
export { givenClasses } from './run/use/given/classes.ts';
export { type EvidenceEstimate, type EvidenceOptions, evidence } from './run/use/given/evidence.ts';
export type { Certificate, GivenOptions } from './run/use/given/options.ts';
export { type Imputed, type ImputeOptions, impute } from './run/use/impute.ts';
export { type GuidedLabel, type LabelOptions, ofClass, ofClasses } from './run/use/labels.ts';
export { decode, encode } from './run/use/latents.ts';
export type { Summary as ScoreSummary } from './run/use/likelihood.ts';
export { averageScores, logLikelihood, type ScoreOptions, type Scores } from './run/use/likelihood.ts';
export type { UseOptions } from './run/use/options.ts';
export type { Question } from './run/use/questions.ts';
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
