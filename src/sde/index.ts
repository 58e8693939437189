export { coefficients, lift } from './coefficients.ts';
export type { BetaSchedule, Marginal, Schedule, Sde, SigmaSchedule, Spec, SpecValue } from './contract.ts';
export { defineSde, type SdeDefinition } from './define.ts';
export { logSnr, timeAtLogSnr } from './log-snr.ts';
export { type Transition, transition } from './transition.ts';
