export type { Kernel, Look, MoveArguments, Moved, MovePath, Place, Target } from './contract.ts';
export { type Diagnosis, diagnose } from './diagnostics.ts';
export { annealedLangevin, hmc, kernels, langevin, mala } from './kernels/index.ts';
export { type LogNormaliser, logNormaliser, type NormaliserOptions } from './log-normaliser.ts';
export {
  type HamiltonianOptions,
  hamiltonianMove,
  independentMove,
  langevinMove,
  lineIntegral,
} from './moves.ts';
export type { ChainOptions } from './options.ts';
export { type Chains, runChains } from './run.ts';
export { type Ensemble, type EnsembleMean, ensembleMean, type SgldOptions, sgld } from './sgld.ts';
export { type EnergyOptions, energyTarget, modelTarget } from './targets.ts';
