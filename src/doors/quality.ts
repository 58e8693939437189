/**
 * Distances between samples and data.
 * @module langevin/quality
 */

export { type ExtractorOptions, type FeatureExtractor, onnxFeatures } from '../engine/onnx/features.ts';
export {
  featureStatistics,
  frechetDistance,
  type Kid,
  type KidOptions,
  kernelDistance,
  type Memorisation,
  type Mmd,
  type MmdOptions,
  maximumMeanDiscrepancy,
  memorisation,
  type Neighbourhoods,
  neighbourhoods,
  readStatistics,
  type SlicedOptions,
  type Statistics,
  slicedWasserstein,
  writeStatistics,
} from '../quality/index.ts';
