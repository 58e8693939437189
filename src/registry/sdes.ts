import type { SdeFormulas } from '../../sdes/formula.ts';
import { sdes } from '../../sdes/index.ts';
import { usage } from '../errors.ts';
import { requireBeta, requireSigma } from '../sde/checks.ts';
import type { Sde } from '../sde/contract.ts';
import { entryOf, type Named, nameAndOptions } from './named.ts';
import {
  type BetaScheduleSpec,
  makeSchedule,
  type ScheduleSpec,
  type SigmaScheduleSpec,
} from './schedules.ts';

/** A name in `sdes`. */
export type SdeName = keyof typeof sdes;

/** The schedule of an SDE that needs a noise rate. */
export interface BetaScheduleOption {
  /**
   * β(t) as a name, a name with options, a formula or a value. Default: the schedule in the SDE's row of
   * `sdes`.
   */
  readonly schedule?: BetaScheduleSpec | undefined;
}

/** The schedule of an SDE that needs a noise level. */
export interface SigmaScheduleOption {
  /**
   * σ(t) as a name, a name with options, a formula or a value. Default: the schedule in the SDE's row of
   * `sdes`.
   */
  readonly schedule?: SigmaScheduleSpec | undefined;
}

/** The options of a factory `F` of the form `(schedule, options?)`. */
export type OptionsAfterSchedule<F> = F extends (schedule: never, options?: infer O) => unknown
  ? NonNullable<O>
  : never;

/** The options of the SDE of that name: its schedule, if it has one, and the options of its factory. */
export type SdeOptionsOf<N extends SdeName> = (typeof sdes)[N]['kind'] extends 'beta'
  ? BetaScheduleOption & OptionsAfterSchedule<(typeof sdes)[N]>
  : (typeof sdes)[N]['kind'] extends 'sigma'
    ? SigmaScheduleOption & OptionsAfterSchedule<(typeof sdes)[N]>
    : (typeof sdes)[N]['kind'] extends 'formulas'
      ? SdeFormulas
      : NonNullable<Parameters<(typeof sdes)[N]>[0]>;

/** An SDE by name, with its schedule and its own options (`tMin`, …). */
export type SdeOptions = {
  [N in SdeName]: {
    /** A name in `sdes`. */
    readonly name: N;
  } & SdeOptionsOf<N>;
}[SdeName];

/** An SDE: a name (`vp`), a name with its schedule and options, or an SDE of your own. */
export type SdeSpec = Exclude<SdeName, 'formula'> | SdeOptions | Sde;

/**
 * Makes an SDE from a name, from stored JSON or from a value: `await makeSde({ name: 'vp', schedule: 'cosine'
 * })`.
 * @throws usage for an unknown name or option (the error suggests the nearest one), and for a schedule of the
 * wrong kind
 */
export async function makeSde(spec: SdeSpec): Promise<Sde> {
  if (isSde(spec)) return spec;
  const { name, options } = nameAndOptions('sde', spec as string | Named);
  const { schedule, ...rest } = options as { readonly schedule?: ScheduleSpec };
  const entry = entryOf('sde', sdes, name);
  if (entry.kind === 'none' || entry.kind === 'formulas') {
    if (schedule !== undefined) throw usage(`${name} has no schedule`, { remedy: 'Leave it out' });
    return entry(rest as Partial<SdeFormulas>);
  }
  const resolved = await makeSchedule(schedule === undefined ? entry.schedule : schedule, entry.kind);
  if (entry.kind === 'beta') {
    requireBeta(name, resolved);
    return entry(resolved, rest);
  }
  requireSigma(name, resolved);
  return entry(resolved, rest);
}

const isSde = (spec: SdeSpec): spec is Sde =>
  typeof spec === 'object' && spec !== null && 'marginal' in spec && typeof spec.marginal === 'function';
