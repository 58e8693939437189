export { type Formula, formula } from './formula.ts';
export type { RuleName } from './functions.ts';
export { constants, functionNames } from './functions.ts';
export { type LinearForm, linearForm } from './linear.ts';
export { antiderivative } from './panels.ts';
export { parseFormula } from './parse.ts';
export type { Tree } from './tree.ts';
