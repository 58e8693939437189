/** `langevin/score`: networks, exact scores of Gaussians, mixtures and points, and models of scores. */
export { makeNet, type NetName, type NetOptions, type NetSpec } from '../registry/nets.ts';
export {
  type AnalyticModel,
  empiricalModel,
  type GaussianOptions,
  gaussianModel,
  type MixtureOptions,
  mixtureModel,
} from '../score/analytic/index.ts';
export type { Prediction, ScoreModel, ScoreNet } from '../score/contract.ts';
export { guidedModel, labelledModel } from '../score/labels.ts';
export { nets } from '../score/nets/index.ts';
export { type PublishedModelOptions, publishedModel } from '../score/published-model.ts';
