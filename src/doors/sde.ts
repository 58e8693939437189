/** `langevin/sde`: the forward SDEs, by name and as values, and how to define one. */
export * from '../../sdes/index.ts';
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
