export { type Formula, formula } from './formula.ts';
export { antiderivative } from './panels.ts';
