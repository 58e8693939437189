export type { AnalyticModel } from './contract.ts';
export { empiricalModel } from './empirical.ts';
export { type GaussianOptions, gaussianModel } from './gaussian.ts';
export { type MixtureOptions, mixtureModel } from './mixture.ts';
export { type ParzenDensity, type ParzenWindow, parzen } from './parzen.ts';
