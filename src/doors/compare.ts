/** `langevin/compare`: solvers side by side. */
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
