export { frechetDistance } from './frechet.ts';
export { type Kid, type KidOptions, kernelDistance } from './kid.ts';
export { type Memorisation, memorisation } from './memorisation.ts';
export { type Mmd, type MmdOptions, maximumMeanDiscrepancy } from './mmd.ts';
export { type Neighbourhoods, neighbourhoods } from './neighbours.ts';
export { type SlicedOptions, slicedWasserstein } from './sliced-wasserstein.ts';
export { featureStatistics, readStatistics, type Statistics, writeStatistics } from './statistics.ts';
