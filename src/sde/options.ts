import { unknownName, usage } from '../errors.ts';

/**
 * The options of a plug-in with all values set. A default that is a number admits any finite number, and a
 * default that is a boolean any boolean.
 */
export type ResolvedOptions<T> = { readonly [K in keyof T]: T[K] extends number ? number : boolean };
/**
 * The options of a plug-in whose defaults are `T`: all optional, each of the type of its default, with the
 * comments of `T`. @inline
 */
export type Options<T> = { readonly [K in keyof T]?: ResolvedOptions<T>[K] | undefined };

/**
 * Merges `options` over the defaults and checks them.
 * @throws usage for a name that does not exist (the error suggests the nearest one), and for a value that is
 * not a finite number (or not a boolean, if the default is a boolean)
 */
export function withDefaults<const T extends Readonly<Record<string, number | boolean>>>(
  where: string,
  defaults: T,
  options: Options<T> = {},
): ResolvedOptions<T> {
  for (const [name, value] of Object.entries(options)) {
    if (!Object.hasOwn(defaults, name)) throw unknownName(`option of ${where}`, name, Object.keys(defaults));
    const type = typeof defaults[name];
    if (value === undefined) continue;
    if (typeof value !== type || (type === 'number' && !Number.isFinite(value))) {
      throw usage(`option "${name}" has a wrong value`, {
        where,
        got: value,
        expected: type === 'number' ? 'a finite number' : 'true or false',
      });
    }
  }
  const set = Object.entries(options).filter(([, value]) => value !== undefined);
  return Object.freeze({ ...defaults, ...Object.fromEntries(set) }) as ResolvedOptions<T>;
}

/** Throws for a value outside the open interval (low, high). */
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
