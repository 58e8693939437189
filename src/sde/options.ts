import { unknownName, usage } from '../errors.ts';

/**
 * The options of a plug-in, all set: a default of 1000 admits any finite number, a default of false any
 * boolean.
 */
export type ResolvedOptions<T> = { readonly [K in keyof T]: T[K] extends number ? number : boolean };
/**
 * The options of a plug-in whose defaults are `T`: any of them, each of its kind, with the comments that `T`
 * has on them. @inline
 */
export type Options<T> = { readonly [K in keyof T]?: ResolvedOptions<T>[K] | undefined };

/**
 * The given options over the defaults, checked: a name that does not exist is refused with the nearest that
 * does, as is a value that is not a finite number (or not a boolean, where the default is one).
 */
export function withDefaults<const T extends Readonly<Record<string, number | boolean>>>(
  where: string,
  defaults: T,
  given: Options<T> = {},
): ResolvedOptions<T> {
  for (const [name, value] of Object.entries(given)) {
    if (!Object.hasOwn(defaults, name)) throw unknownName(`option of ${where}`, name, Object.keys(defaults));
    const wanted = typeof defaults[name];
    if (value === undefined) continue;
    if (typeof value !== wanted || (wanted === 'number' && !Number.isFinite(value))) {
      throw usage(`option "${name}" has a wrong value`, {
        where,
        got: value,
        expected: wanted === 'number' ? 'a finite number' : 'true or false',
      });
    }
  }
  const set = Object.entries(given).filter(([, value]) => value !== undefined);
  return Object.freeze({ ...defaults, ...Object.fromEntries(set) }) as ResolvedOptions<T>;
}

/** Refuses a value outside the open interval (low, high). */
export function requireBetween(
  where: string,
  name: string,
  value: number,
  low: number,
  high = Number.POSITIVE_INFINITY,
): void {
  if (value > low && value < high) return;
  const expected = high === Number.POSITIVE_INFINITY ? `more than ${low}` : `between ${low} and ${high}`;
  throw usage(`option "${name}" is out of range`, { where, got: value, expected });
}
