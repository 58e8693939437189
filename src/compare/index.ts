export { type CompareOptions, type Comparison, type ComparisonRow, compare } from './compare.ts';
export { type Contestant, contestant } from './contestant.ts';
export { analyticNames, analyticTarget, runTarget, type Target } from './target.ts';
