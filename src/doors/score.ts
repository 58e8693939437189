/**
 * Networks, exact scores of Gaussians, mixtures and points, and models of scores.
 * @module langevin/score
 */
export { makeNet, type NetName, type NetOptions, type NetSpec } from '../registry/nets.ts';
export {
  type AnalyticModel,
  empiricalModel,
  type GaussianOptions,
  gaussianModel,
  type MixtureOptions,
  mixtureModel,
  type ParzenDensity,
  type ParzenWindow,
  parzen,
} from '../score/analytic/index.ts';
export type { Base as GaussianMixtureTensors } from '../score/base.ts';
export type { Classifier, ClassifierNet } from '../score/classifier/contract.ts';
export { type MixtureClassifierOptions, mixtureClassifier } from '../score/classifier/mixture.ts';
export { type ClassifierNetSpec, classifierNet } from '../score/classifier/nets.ts';
export { networkClassifier } from '../score/classifier/network.ts';
export { compose, type Factor } from '../score/compose.ts';
export type { NoiseForm, Prediction, ScoreModel, ScoreNet } from '../score/contract.ts';
export { guidedModel, labelledModel } from '../score/labels.ts';
export type { PublishedUnet2d } from '../score/nets/diffusers/published-config.ts';
export { nets } from '../score/nets/index.ts';
export type { MlpOptions } from '../score/nets/mlp.ts';
export type { NcsnOptions } from '../score/nets/ncsn.ts';
export type { Ncsnv2Size } from '../score/nets/ncsnv2/network.ts';
export type { PublishedNcsnv2 } from '../score/nets/ncsnv2/published-config.ts';
export type { Ncsnv2Options } from '../score/nets/ncsnv2.ts';
export type { PublishedConfig } from '../score/nets/published-net.ts';
export type { Activation } from '../score/nets/unet/config.ts';
export type { PublishedUnet } from '../score/nets/unet/published-config.ts';
export type { UnetOptions } from '../score/nets/unet.ts';
export { type PublishedModelOptions, publishedModel } from '../score/published-model.ts';
export type { GuidanceStrength } from '../score/strength.ts';
