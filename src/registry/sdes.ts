import type { SdeFormulas } from '../../sdes/formula.ts';
import { sdes } from '../../sdes/index.ts';
import { usage } from '../errors.ts';
import { requireBeta, requireSigma } from '../sde/checks.ts';
import type { Sde, Spec } from '../sde/contract.ts';
import { entryOf, type Named, nameAndOptions } from './named.ts';
import {
  type BetaScheduleSpec,
  makeSchedule,
  type ScheduleSpec,
  type SigmaScheduleSpec,
} from './schedules.ts';

/** A name in `sdes`. */
export type SdeName = keyof typeof sdes;

/** The schedule of an SDE that runs on a noise rate. */
export interface BetaScheduleOption {
  /** β(t) by name, with options, as a formula or by value. Default: that of the row in `sdes`. */
  readonly schedule?: BetaScheduleSpec | undefined;
}

/** The schedule of an SDE that runs on a noise level. */
export interface SigmaScheduleOption {
  /** σ(t) by name, with options, as a formula or by value. Default: that of the row in `sdes`. */
  readonly schedule?: SigmaScheduleSpec | undefined;
}

/** The options of an SDE's factory `F`, which is `(schedule, options?)`. */
export type OptionsAfterSchedule<F> = F extends (schedule: never, options?: infer O) => unknown
  ? NonNullable<O>
  : never;

/** The options of the SDE of that name: its schedule, where it has one, and those of its factory. */
export type SdeOptionsOf<N extends SdeName> = (typeof sdes)[N]['kind'] extends 'beta'
  ? BetaScheduleOption & OptionsAfterSchedule<(typeof sdes)[N]['make']>
  : (typeof sdes)[N]['kind'] extends 'sigma'
    ? SigmaScheduleOption & OptionsAfterSchedule<(typeof sdes)[N]['make']>
    : (typeof sdes)[N]['kind'] extends 'formulas'
      ? SdeFormulas
      : NonNullable<Parameters<(typeof sdes)[N]['make']>[0]>;

/** An SDE by name, with its schedule and its own options (`tMin`, …). */
export type SdeOptions = {
  [N in SdeName]: {
    /** A name in `sdes`. */
    readonly name: N;
  } & SdeOptionsOf<N>;
}[SdeName];

/** What may stand for an SDE: a name (`vp`), a name with its schedule and options, or an SDE of your own. */
export type SdeSpec = Exclude<SdeName, 'formula'> | SdeOptions | Sde;

/**
 * Makes the SDE asked for, by name, by stored JSON or by value.
 * `await makeSde({ name: 'vp', schedule: 'cosine' })`.
 * @throws usage for unknown names (with the nearest known one) and options, and for a schedule of the wrong
 *   kind
 */
export async function makeSde(spec: SdeSpec): Promise<Sde> {
  if (isSde(spec)) return spec;
  const { name, options } = nameAndOptions('sde', spec as string | Named);
  const { schedule, ...rest } = options as { readonly schedule?: ScheduleSpec };
  const entry = entryOf('sde', sdes, name);
  if (entry.kind === 'none' || entry.kind === 'formulas') {
    if (schedule !== undefined) throw usage(`${name} has no schedule to choose`, { remedy: 'Leave it out' });
    return entry.make(rest as Partial<SdeFormulas>);
  }
  const resolved = await makeSchedule(schedule === undefined ? entry.schedule : schedule, entry.kind);
  if (entry.kind === 'beta') {
    requireBeta(name, resolved);
    return entry.make(resolved, rest);
  }
  requireSigma(name, resolved);
  return entry.make(resolved, rest);
}

/** The JSON from which `makeSde` makes the same SDE again. Throws for one written as functions. */
export function describeSde(sde: Sde): Spec {
  if (sde.spec) return sde.spec;
  throw usage(`the SDE "${sde.name}" was written as functions and cannot be stored`, {
    remedy: 'Name it, write it as formulas, or hand it over again when the run is read',
  });
}

const isSde = (spec: SdeSpec): spec is Sde =>
  typeof spec === 'object' && spec !== null && 'marginal' in spec && typeof spec.marginal === 'function';
