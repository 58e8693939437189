import { type betaSchedules, schedules, type sigmaSchedules } from '../../schedules/index.ts';
import { usage } from '../errors.ts';
import type { BetaSchedule, Schedule, SigmaSchedule } from '../sde/contract.ts';
import { entryOf, type Named, type NamedIn, nameAndOptions } from './named.ts';

/** A name of a noise rate β(t): what `vp` and `sub-vp` take. */
export type BetaScheduleName = keyof typeof betaSchedules;
/** A name of a noise level σ(t): what `ve` takes. */
export type SigmaScheduleName = keyof typeof sigmaSchedules;
/** A name in `schedules`. */
export type ScheduleName = keyof typeof schedules;

/** A formula in t, such as `0.1 + 19.9*t`: known by a sign that no name has. */
export type ScheduleFormula = `${string}${'*' | '+' | '(' | '/' | '^' | ' '}${string}`;
/** Any formula in t by name, `{ name: 'formula', formula: 't' }`. */
export interface NamedFormula {
  /** Tells a formula from the schedules by name. */
  readonly name: 'formula';
  /** β(t) or σ(t) as text, whichever the SDE runs on. */
  readonly formula: string;
}

/**
 * What may stand for a noise rate: a name, a name with its options, a formula β(t), or a schedule of your
 * own.
 */
export type BetaScheduleSpec = NamedIn<typeof betaSchedules> | ScheduleFormula | NamedFormula | BetaSchedule;
/**
 * What may stand for a noise level: a name, a name with its options, a formula σ(t), or a schedule of your
 * own.
 */
export type SigmaScheduleSpec =
  | NamedIn<typeof sigmaSchedules>
  | ScheduleFormula
  | NamedFormula
  | SigmaSchedule;
/** What may stand for a schedule of either kind. */
export type ScheduleSpec = BetaScheduleSpec | SigmaScheduleSpec;

/**
 * Makes the schedule asked for. `kind` says what a formula means: the noise rate β(t) or the noise level
 * σ(t).
 * @throws usage for an unknown name (with the nearest known one), option or formula. Whether the schedule
 *   fits its SDE is for the SDE to say
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
  throw usage('a schedule by formula needs its text', {
    where: 'schedule',
    got: options.formula,
    expected: '{ "name": "formula", "formula": "0.1 + 19.9*t" }',
  });
}

/** mathjs is loaded with it, and by formulas alone. */
async function fromFormula(text: string, kind: Schedule['kind']): Promise<Schedule> {
  const { formulaSchedule } = await import('../../schedules/formula.ts');
  return formulaSchedule(text, kind);
}

/** Words joined by hyphens are a name, if a misspelt one; `t` alone, and all else, is a formula. */
const looksLikeName = (text: string) => /^[A-Za-z]\w+(-\w+)*$/.test(text);

const isSchedule = (spec: ScheduleSpec): spec is Schedule =>
  typeof spec === 'object' &&
  spec !== null &&
  'kind' in spec &&
  Object.values(spec).some(value => typeof value === 'function');
