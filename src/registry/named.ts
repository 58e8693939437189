import { requireText, unknownName, usage } from '../errors.ts';

/** Plug-ins by name. Each is a factory whose last parameter is its options. */
export type Table<V> = {
  /** Makes the plug-in of that name from its options. */
  readonly [name: string]: (options: never) => V;
};

/**
 * The options of a factory; `{}` for one that takes none.
 * @typeParam F the factory
 */
export type OptionsOf<F extends (options: never) => unknown> =
  Parameters<F> extends [] ? object : NonNullable<Parameters<F>[0]>;

/**
 * A plug-in of the table `T`: its name, or its name with its own options. The name alone is enough if none of
 * its options is required. `{ name: 'ancestral', eta: 0.5 }` fits. A misspelt name, or an option of another
 * name, does not compile.
 */
export type NamedIn<T extends Table<unknown>> = {
  [N in keyof T & string]:
    | (object extends OptionsOf<T[N]> ? N : never)
    | ({
        /** A name of the table. */
        readonly name: N;
      } & OptionsOf<T[N]>);
}[keyof T & string];

/** A name with its options, as plain JSON: what a configuration, a preset or a command line holds. */
export interface Named {
  readonly name: string;
  readonly [option: string]: unknown;
}

/**
 * Separates a name from its options. @throws usage for a value that is not a name and has none
 */
export function nameAndOptions(
  what: string,
  spec: string | Named,
): { readonly name: string; readonly options: object } {
  if (typeof spec === 'string') return { name: spec, options: {} };
  // From JSON or JavaScript, any value can come.
  const { name, ...options } = Object(spec) as Named;
  if (typeof name === 'string' && !Array.isArray(spec)) return { name, options };
  throw usage(`this is not a valid ${what}`, {
    got: spec,
    expected: 'a name, or an object with a name and options',
  });
}

/**
 * The entry of that name. @throws usage for a name that is not in `table`; the error suggests the nearest one
 */
export function entryOf<T extends object>(
  what: string,
  table: T,
  name: string,
  more: readonly string[] = [],
): T[keyof T] {
  requireText(what, name);
  if (Object.hasOwn(table, name)) return table[name as keyof T];
  throw unknownName(what, name, [...Object.keys(table), ...more]);
}

/** Makes the plug-in of that name. Its factory checks the options. */
export function make<V>(what: string, table: Table<V>, spec: string | Named): V {
  const { name, options } = nameAndOptions(what, spec);
  return entryOf(what, table, name)(options as never);
}
