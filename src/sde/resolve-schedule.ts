import { schedules } from '../../schedules/index.ts';
import { unknownName, usage } from '../errors.ts';
import type { BetaSchedule, Schedule, SigmaSchedule, Spec } from './contract.ts';

/** A name (`cosine`), a formula in t (`0.1 + 19.9*t`), a name with options, or a schedule itself. */
export type ScheduleSpec = string | Spec | Schedule;

/**
 * Makes the schedule asked for. `kind` says what a formula means: the noise rate β(t) or the noise level σ(t).
 * Throws a usage error for an unknown name (with the nearest known one), option or formula.
 * Whether the schedule fits its SDE is for the SDE to say.
 */
export async function makeSchedule(spec: ScheduleSpec, kind: Schedule['kind']): Promise<Schedule> {
  if (isSchedule(spec)) return spec;
  if (typeof spec === 'string') {
    return looksLikeName(spec) ? byName(spec, {}) : fromFormula(spec, kind);
  }
  const { name, ...options } = spec;
  if (name !== 'formula') return byName(name, options);
  if (typeof options.formula !== 'string') {
    throw usage('a schedule by formula needs its text', {
      where: 'schedule',
      got: options.formula,
      expected: '{ "name": "formula", "formula": "0.1 + 19.9*t" }',
    });
  }
  return fromFormula(options.formula, kind);
}

type Factory = (options: Readonly<Record<string, unknown>>) => BetaSchedule | SigmaSchedule;

function byName(name: string, options: Readonly<Record<string, unknown>>): Schedule {
  if (!Object.hasOwn(schedules, name)) {
    throw unknownName('schedule', name, [...Object.keys(schedules), 'formula']);
  }
  return (schedules[name as keyof typeof schedules] as Factory)(options);
}

async function fromFormula(text: string, kind: Schedule['kind']): Promise<Schedule> {
  const { formulaSchedule } = await import('../formula/schedule.ts');
  return formulaSchedule(text, kind);
}

/** Words joined by hyphens are a name, if a misspelt one; `t` alone, and all else, is a formula. */
const looksLikeName = (text: string) => /^[A-Za-z]\w+(-\w+)*$/.test(text);

const isSchedule = (spec: ScheduleSpec): spec is Schedule =>
  typeof spec === 'object' &&
  'kind' in spec &&
  Object.values(spec).some(value => typeof value === 'function');
