/**
 * Log-densities of any model along its probability flow, and bounds on them.
 * @module langevin/likelihood
 */

export { type BoundOptions, type Bounds, variationalBound } from '../likelihood/bound.ts';
export {
  type Divergence,
  exact as exactDivergence,
  type HutchinsonOptions,
  hutchinson,
} from '../likelihood/divergence.ts';
export {
  type LikelihoodOptions,
  type LogLikelihoods,
  logLikelihood as modelLogLikelihood,
} from '../likelihood/likelihood.ts';
export {
  type DensitySampleOptions,
  type DensitySamples,
  sampleWithDensity,
} from '../likelihood/sample.ts';
