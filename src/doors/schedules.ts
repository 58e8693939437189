/**
 * The noise schedules β(t) and σ(t), by name and as values.
 * @module langevin/schedules
 */
export {
  betaSchedules,
  betaTable,
  cosine as cosineSchedule,
  edm as edmSchedule,
  geometric as geometricSchedule,
  linear as linearSchedule,
  linearSigma as linearSigmaSchedule,
  schedules,
  sigmaSchedules,
  sigmaTable,
  sigmoid as sigmoidSchedule,
} from '../../schedules/index.ts';
export {
  type BetaScheduleName,
  type BetaScheduleSpec,
  makeSchedule,
  type NamedFormula,
  type ScheduleFormula,
  type ScheduleName,
  type ScheduleSpec,
  type SigmaScheduleName,
  type SigmaScheduleSpec,
} from '../registry/schedules.ts';
export type { BetaSchedule, Schedule, SigmaSchedule } from '../sde/index.ts';
