/**
 * Distances between samples and data.
 * @module langevin/quality
 */
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
} from '../quality/index.ts';
