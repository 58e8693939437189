export type { Finding, LevelMeasures, Mean, MeasureOptions, Measures } from './contract.ts';
export { judge } from './judge.ts';
export { measure } from './measure.ts';
