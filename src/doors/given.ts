/**
 * What may be known of a sample, ways from it to the posterior, and how far to trust them.
 * @module langevin/given
 */
export type { RuleName as FormulaRule } from '../formula/functions.ts';
export type { Tree as FormulaTree } from '../formula/tree.ts';
export type { Calibration, CalibrationRow, Places as RankPlaces } from '../guide/calibration.ts';
export { calibrationOf, placeOf } from '../guide/calibration.ts';
export { classesGiven } from '../guide/classes.ts';
export type { Guidance, GuidanceArguments, Guided, Look } from '../guide/contract.ts';
export { measuredModel } from '../guide/guided.ts';
export { type ImportanceOptions, importance, type WeightedSamples } from '../guide/importance.ts';
export { classifier } from '../guide/methods/classifier.ts';
export { diffpir } from '../guide/methods/diffpir.ts';
export { dps } from '../guide/methods/dps.ts';
export { guidances } from '../guide/methods/index.ts';
export { mmps } from '../guide/methods/mmps.ts';
export { pigdm } from '../guide/methods/pigdm.ts';
export { repaint, replacement } from '../guide/methods/replacement.ts';
export type { Evidence } from '../guide/smc/evidence.ts';
export { drawParticles, type Particles, type SmcOptions, smc } from '../guide/smc/smc.ts';
export type { HalfSpace } from '../math/half-space.ts';
export { all, type GivenSpec } from '../measure/all.ts';
export {
  type Cell as ChartCell,
  type Chart,
  type Curve as ChartCurve,
  ownUnits,
} from '../measure/chart.ts';
export type { ErrorOptions } from '../measure/checks.ts';
export { equal, formula, given, range } from '../measure/columns.ts';
export type {
  DensityPart,
  Law,
  LinearPart,
  Measurement,
  NoisyPart,
  Part,
  Space,
  TracedPart,
  WordPart,
} from '../measure/contract.ts';
export { linear, type Matrix } from '../measure/linear.ts';
export type { Bounds, Observation, Readings } from '../measure/observation.ts';
export { observe } from '../measure/observe.ts';
export { blur, crop, downsample, gray, mask, type Picture } from '../measure/pictures.ts';
export type { Clause, Fault, Form, NamedColumn, Rename } from '../measure/text/contract.ts';
export { parseGiven } from '../measure/text/parse.ts';
export { likelihood, measure, noisyLikelihood } from '../measure/traced.ts';
export { type GuidanceName, type GuidanceSpec, makeGuidance } from '../registry/guidances.ts';
