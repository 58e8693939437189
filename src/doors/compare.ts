/**
 * Solvers side by side.
 * @module langevin/compare
 */

export type { Estimate } from '../compare/estimate.ts';
export {
  analyticNames,
  analyticTarget,
  type CompareOptions,
  type Comparison,
  type ComparisonRow,
  type Contestant,
  compare,
  contestant,
  runTarget,
  type Target,
} from '../compare/index.ts';
