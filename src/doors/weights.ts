/**
 * The weights of published networks.
 * @module langevin/weights
 */

export type { StoredTensor, TensorData } from '../files/index.ts';
export { parseArch } from '../presets/arch.ts';
export { type Released, released, releasedOf } from '../presets/released.ts';
export { type ImportRunOptions, importRun } from '../run/folder/import.ts';
export type { WeightShapes as WantedWeights } from '../weights/fit.ts';
export {
  fitWeights,
  type ImportOptions,
  importWeights,
  type ReadWeights,
  readWeights,
  type WeightsKind,
  type WeightsSource,
} from '../weights/index.ts';
