/** `langevin/weights`: the weights of published networks. */

export { parseArch } from '../presets/arch.ts';
export { type Released, released, releasedOf } from '../presets/released.ts';
export { type ImportRunOptions, importRun } from '../run/folder/import.ts';
export {
  fitWeights,
  type ImportOptions,
  importWeights,
  type ReadWeights,
  readWeights,
  type WeightsKind,
  type WeightsSource,
} from '../weights/index.ts';
