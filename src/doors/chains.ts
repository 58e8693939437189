/**
 * Markov chains for any score or energy, by name and as values, and how well they mix.
 * @module langevin/chains
 */
export {
  annealedLangevin as annealedLangevinKernel,
  type ChainOptions,
  type Chains,
  type Diagnosis,
  diagnose as diagnoseDraws,
  type EnergyOptions,
  type Ensemble,
  type EnsembleMean,
  energyTarget,
  ensembleMean,
  hmc as hmcKernel,
  type Kernel,
  kernels,
  type LogNormaliser,
  type Look,
  langevin as langevinKernel,
  logNormaliser,
  type MoveArguments,
  type Moved,
  type MovePath,
  mala as malaKernel,
  modelTarget,
  type NormaliserOptions,
  type Place,
  runChains,
  type SgldOptions,
  sgld,
  type Target,
} from '../chains/index.ts';
export { type KernelName, type KernelSpec, makeKernel } from '../registry/chains.ts';
export { type ChainSamples, type SampleChainsOptions, sampleChains } from '../run/use/chains.ts';
export {
  type EnergyScores,
  type EnergyScoresOptions,
  scoreEnergies,
} from '../run/use/energy.ts';
