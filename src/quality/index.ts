export { type SlicedOptions, slicedWasserstein } from './sliced-wasserstein.ts';
