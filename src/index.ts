/** The public door: everything a script needs. Plug-ins find more in `langevin/plugin`. */
export * from '../schedules/index.ts';
export * from '../sdes/index.ts';
export * from '../solvers/index.ts';
export {
  analyticNames,
  analyticTarget,
  type CompareOptions,
  type Comparison,
  type ComparisonRow,
  type Contestant,
  compare,
  contestant,
  runTarget,
  type Target,
} from './compare/index.ts';
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
  type OpenOptions,
  openDataset,
  readImageFolder,
  type Table,
  type TextOptions,
  type ToyName,
  type Transform,
  toys,
} from './data/index.ts';
export {
  type AutoOptions,
  type Engine,
  type EngineName,
  engines,
  listProviders,
  makeEngine,
  tryEngine,
} from './engine/index.ts';
export { failure, LangevinError, usage } from './errors.ts';
export {
  type Exportable,
  exportable,
  exportOnnx,
  type OnnxExport,
  type OnnxOptions as OnnxExportOptions,
} from './export/onnx.ts';
export { exportSafetensors } from './export/safetensors.ts';
export { type BoundOptions, type Bounds, variationalBound } from './likelihood/bound.ts';
export { type Divergence, exact, type HutchinsonOptions, hutchinson } from './likelihood/divergence.ts';
export {
  type LikelihoodOptions,
  type LogLikelihoods,
  logLikelihood as modelLogLikelihood,
} from './likelihood/likelihood.ts';
export {
  type Objective,
  type ObjectiveOptions,
  objectives,
  type Weighting,
  weightings,
} from './objectives/index.ts';
export { parseArch } from './presets/arch.ts';
export { type Preset, presets } from './presets/index.ts';
export { type Released, released, releasedOf } from './presets/released.ts';
export {
  type ExtractorOptions,
  type FeatureExtractor,
  featureStatistics,
  frechetDistance,
  type Kid,
  type KidOptions,
  kernelDistance,
  type Mmd,
  type MmdOptions,
  maximumMeanDiscrepancy,
  type Neighbourhoods,
  neighbourhoods,
  onnxFeatures,
  readStatistics,
  type SlicedOptions,
  type Statistics,
  slicedWasserstein,
  writeStatistics,
} from './quality/index.ts';
export { type Key, key } from './random/index.ts';
export { type GridName, type GridSpec, makeGrid } from './registry/grids.ts';
export { makeNet, type NetName, type NetOptions, type NetSpec } from './registry/nets.ts';
export {
  makeObjective,
  type NamedObjective,
  type ObjectiveName,
  type ObjectiveSpec,
} from './registry/objectives.ts';
export { optimisedGrid, type PilotOptions } from './registry/optimised-grid.ts';
export { type PredictorCorrectorOptions, predictorCorrector } from './registry/predictor-corrector.ts';
export { type PresetName, presetOf, samplingOf, sdeOfPreset } from './registry/presets.ts';
export {
  type BetaScheduleName,
  type BetaScheduleSpec,
  makeSchedule,
  type NamedFormula,
  type ScheduleFormula,
  type ScheduleName,
  type ScheduleSpec,
  type SigmaScheduleName,
  type SigmaScheduleSpec,
} from './registry/schedules.ts';
export { makeSde, type SdeName, type SdeOptions, type SdeSpec } from './registry/sdes.ts';
export { makeSolver, type SolverName, type SolverSpec } from './registry/solvers.ts';
export {
  animatedGif,
  animation,
  type DensityGrid,
  gridPoints,
  imageGrid,
  plotLoss,
  plotPath,
  plotSamples,
  plotWorkPrecision,
  type SamplesPlot,
  strip,
  svgToPng,
  writePicture,
} from './report/index.ts';
export {
  type ImportedConfig,
  type ModelConfig,
  type RunConfig,
  trainingDefaults,
} from './run/folder/config.ts';
export { type ImportRunOptions, importRun } from './run/folder/import.ts';
export { openRun, type Run, type TrainedRun } from './run/run.ts';
export type { TrainOptions } from './run/train/options.ts';
export { train } from './run/train/train.ts';
export { type BoundScores, type LikelihoodBoundOptions, likelihoodBound } from './run/use/bound.ts';
export { type ClassSamples, sampleClasses } from './run/use/classes.ts';
export { type LabelOptions, ofClass } from './run/use/labels.ts';
export { decode, encode } from './run/use/latents.ts';
export { averageScores, logLikelihood, type ScoreOptions, type Scores } from './run/use/likelihood.ts';
export type { UseOptions } from './run/use/options.ts';
export { type DataSamples, defaultSampler, type SampleRunOptions, sample } from './run/use/sample.ts';
export {
  type SampleFrame,
  type SamplePath,
  type SamplePathOptions,
  samplePath,
} from './run/use/trajectory.ts';
export {
  type AnalyticModel,
  empiricalModel,
  type GaussianOptions,
  gaussianModel,
  type MixtureOptions,
  mixtureModel,
} from './score/analytic/index.ts';
export type { Prediction, ScoreModel, ScoreNet } from './score/contract.ts';
export { guidedModel, labelledModel } from './score/labels.ts';
export { nets } from './score/nets/index.ts';
export { type PublishedModelOptions, publishedModel } from './score/published-model.ts';
export {
  type BetaSchedule,
  defineSde,
  logSnr,
  type Marginal,
  type Schedule,
  type Sde,
  type SdeDefinition,
  type SigmaSchedule,
  type Spec,
  timeAtLogSnr,
} from './sde/index.ts';
export type { BatchOptions, BatchProgress } from './solve/batches.ts';
export type { Grid, Path, Problem, Solver, StepArguments, StepResult } from './solve/contract.ts';
export { grids } from './solve/grids.ts';
export { type SampleOptions, type Samples, sample as modelSample } from './solve/sample.ts';
export { type TabledGrid, tabled } from './solve/tabled-grid.ts';
export type { DataTensor, HostTensor, PlainTensor, Shape } from './tensor/types.ts';
export {
  fitWeights,
  type ImportOptions,
  importWeights,
  type ReadWeights,
  readWeights,
  type WeightsKind,
  type WeightsSource,
} from './weights/index.ts';
