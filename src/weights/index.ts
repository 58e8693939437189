export { exportSafetensors } from './export.ts';
export { fitWeights } from './fit.ts';
export {
  type ImportOptions,
  importWeights,
  type ReadWeights,
  readWeights,
  type WeightsSource,
} from './import.ts';
export type { WeightsKind } from './kind.ts';
