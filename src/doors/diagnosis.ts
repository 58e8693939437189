/**
 * What is wrong with a model, by noise level.
 * @module langevin/diagnosis
 */
export {
  type Finding,
  judge,
  type LevelMeasures,
  type Mean,
  type MeasureOptions,
  type Measures,
  measure,
} from '../diagnosis/index.ts';
export { type DiagnoseOptions, diagnose, type RunDiagnosis } from '../run/diagnose.ts';
export type { PriorMismatch } from '../run/train/prior.ts';
