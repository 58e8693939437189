/**
 * The forward SDEs, by name and as values, and how to define one.
 * @module langevin/sde
 */
export * from '../../sdes/index.ts';
export type {
  BetaScheduleOption,
  OptionsAfterSchedule,
  SdeOptionsOf,
  SigmaScheduleOption,
} from '../registry/sdes.ts';
export { makeSde, type SdeName, type SdeOptions, type SdeSpec } from '../registry/sdes.ts';
export {
  type BetaSchedule,
  defineSde,
  logSnr,
  type Marginal,
  type Schedule,
  type Sde,
  type SdeDefinition,
  type SigmaSchedule,
  type Spec,
  timeAtLogSnr,
} from '../sde/index.ts';
