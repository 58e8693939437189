import type { MixtureJson } from './contract.ts';
import type { GaussianMixture } from './mixture.ts';

/** A mixture in JSON. */
export const mixtureJson = ({ weights, components }: GaussianMixture): MixtureJson => ({
  weights,
  means: components.map(({ mean }) => [...mean]),
  covariances: components.map(({ covariance }) => [...covariance]),
});
