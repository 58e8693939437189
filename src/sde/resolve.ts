import { unknownName, usage } from '../errors.ts';
import { requireBeta, requireSigma } from './checks.ts';
import type { Schedule, Sde, Spec, SpecValue } from './contract.ts';
import { formulaSde, type SdeFormulas } from './formula-sde.ts';
import { rectifiedFlow } from './rectified-flow.ts';
import { makeSchedule, type ScheduleSpec } from './resolve-schedule.ts';
import { subVp } from './sub-vp.ts';
import { ve } from './ve.ts';
import { vp } from './vp.ts';

/** Every SDE by name: its factory, and the kind and default name of its schedule where it has one. */
export const sdes = {
  vp: { make: vp, kind: 'beta', schedule: 'linear' },
  'sub-vp': { make: subVp, kind: 'beta', schedule: 'linear' },
  ve: { make: ve, kind: 'sigma', schedule: 'geometric' },
  'rectified-flow': { make: rectifiedFlow, kind: 'none' },
  formula: { make: formulaSde, kind: 'formulas' },
} as const;

/** A name in `sdes`. */
export type SdeName = keyof typeof sdes;

/** A name (`vp`), a name with options, or an SDE itself. A schedule may be a name, a formula, options or a value. */
export type SdeSpec = string | SdeOptions | Sde;
/** An SDE by name, with its schedule and its own options (`tMin`, …). */
export interface SdeOptions {
  readonly name: string;
  readonly schedule?: ScheduleSpec | undefined;
  readonly [option: string]: SpecValue | Schedule | undefined;
}

/**
 * Makes the SDE asked for, by name, by stored JSON or by value. `await makeSde({ name: 'vp', schedule: 'cosine' })`.
 * Throws a usage error for unknown names (with the nearest known one) and options, and for a schedule of the wrong kind.
 */
export async function makeSde(spec: SdeSpec): Promise<Sde> {
  if (isSde(spec)) return spec;
  const { name, schedule, ...options } = typeof spec === 'string' ? { name: spec } : spec;
  if (!Object.hasOwn(sdes, name)) throw unknownName('sde', name, Object.keys(sdes));
  const entry = sdes[name as SdeName];
  if (entry.kind === 'none' || entry.kind === 'formulas') {
    if (schedule !== undefined) throw usage(`${name} has no schedule to choose`, { remedy: 'Leave it out' });
    return entry.make(options as Partial<SdeFormulas>);
  }
  const made = await makeSchedule(schedule ?? entry.schedule, entry.kind);
  if (entry.kind === 'beta') {
    requireBeta(name, made);
    return entry.make(made, options);
  }
  requireSigma(name, made);
  return entry.make(made, options);
}

/** The JSON from which `makeSde` makes the same SDE again. Throws for one written as functions. */
export function describeSde(sde: Sde): Spec {
  if (sde.spec) return sde.spec;
  throw usage(`the SDE "${sde.name}" was written as functions and cannot be stored`, {
    remedy: 'Name it, write it as formulas, or hand it over again when the run is read',
  });
}

const isSde = (spec: SdeSpec): spec is Sde => typeof spec === 'object' && typeof spec.marginal === 'function';
