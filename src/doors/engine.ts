/** `langevin/engine`: where programs run. */
export {
  type AutoOptions,
  type Engine,
  type EngineName,
  engines,
  listProviders,
  makeEngine,
  tryEngine,
} from '../engine/index.ts';
