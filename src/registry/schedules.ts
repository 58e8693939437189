import { type betaSchedules, schedules, type sigmaSchedules } from '../../schedules/index.ts';
import { usage } from '../errors.ts';
import type { BetaSchedule, Schedule, SigmaSchedule } from '../sde/contract.ts';
import { entryOf, type Named, type NamedIn, nameAndOptions } from './named.ts';

/** The name of a noise rate β(t), for `vp` and `sub-vp`. */
export type BetaScheduleName = keyof typeof betaSchedules;
/** The name of a noise level σ(t), for `ve`. */
export type SigmaScheduleName = keyof typeof sigmaSchedules;
/** A name in `schedules`. */
export type ScheduleName = keyof typeof schedules;

/** A formula in t, such as `0.1 + 19.9*t`. It has a character that no name has. */
export type ScheduleFormula = `${string}${'*' | '+' | '(' | '/' | '^' | ' '}${string}`;
/** A formula in t as an object, `{ name: 'formula', formula: 't' }`. It works for every formula. */
export interface NamedFormula {
  /** Separates formulas from schedules by name. */
  readonly name: 'formula';
  /** β(t) or σ(t) as text, depending on the SDE. */
  readonly formula: string;
}

/** A noise rate: a name, a name with its options, a formula β(t), or a schedule of your own. */
export type BetaScheduleSpec = NamedIn<typeof betaSchedules> | ScheduleFormula | NamedFormula | BetaSchedule;
/** A noise level: a name, a name with its options, a formula σ(t), or a schedule of your own. */
export type SigmaScheduleSpec =
  | NamedIn<typeof sigmaSchedules>
  | ScheduleFormula
  | NamedFormula
  | SigmaSchedule;
/** A schedule of either kind. */
export type ScheduleSpec = BetaScheduleSpec | SigmaScheduleSpec;

/**
 * Makes a schedule. `kind` says what a formula means: the noise rate β(t) or the noise level σ(t). Whether
 * the schedule fits an SDE is checked by the SDE.
 * @throws usage for an unknown name (the error suggests the nearest one), and for an invalid option or
 * formula
 */
export async function makeSchedule(spec: ScheduleSpec, kind: Schedule['kind']): Promise<Schedule> {
  if (isSchedule(spec)) return spec;
  if (typeof spec === 'string' && !looksLikeName(spec)) return fromFormula(spec, kind);
  const { name, options } = nameAndOptions('schedule', spec as string | Named);
  if (typeof spec === 'object' && name === 'formula') return fromFormula(formulaIn(options), kind);
  const factory = entryOf('schedule', schedules, name, ['formula']);
  return factory(options as never);
}

function formulaIn(options: { readonly formula?: unknown }): string {
  if (typeof options.formula === 'string') return options.formula;
  throw usage('a schedule by formula needs the formula', {
    where: 'schedule',
    got: options.formula,
    expected: '{ "name": "formula", "formula": "0.1 + 19.9*t" }',
  });
}

/** Loads mathjs, which only formulas need. */
async function fromFormula(text: string, kind: Schedule['kind']): Promise<Schedule> {
  const { formulaSchedule } = await import('../../schedules/formula.ts');
  return formulaSchedule(text, kind);
}

/** Words joined by hyphens are a name, even a misspelt one. `t` alone, and everything else, is a formula. */
const looksLikeName = (text: string) => /^[A-Za-z]\w+(-\w+)*$/.test(text);

const isSchedule = (spec: ScheduleSpec): spec is Schedule =>
  typeof spec === 'object' &&
  spec !== null &&
  'kind' in spec &&
  Object.values(spec).some(value => typeof value === 'function');
