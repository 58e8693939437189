import { requireText, unknownName, usage } from '../errors.ts';

/** Plug-ins by name: each a factory whose last parameter is its options. */
export type Table<V> = {
  /** Makes the plug-in of that name from its options. */
  readonly [name: string]: (options: never) => V;
};

/** The factories of a table whose rows are `{ make, …what each declares }`. */
export type Factories<
  T extends {
    readonly [name: string]: {
      /** The factory of the row. */
      readonly make: (options: never) => unknown;
    };
  },
> = { readonly [N in keyof T]: T[N]['make'] };

/**
 * The options of a factory; `{}` for one that takes none.
 * @typeParam F the factory
 */
export type OptionsOf<F extends (options: never) => unknown> =
  Parameters<F> extends [] ? object : NonNullable<Parameters<F>[0]>;

/**
 * What may stand for a plug-in of the table `T`, but for the plug-in itself: its name, or its name with its
 * own options. The name alone will do where none of its options is required.
 * `{ name: 'ancestral', eta: 0.5 }` fits. A misspelt name, or the option of another name, does not compile.
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

/** A name and its options apart. @throws usage for what is neither a name nor an object with one */
export function nameAndOptions(
  what: string,
  spec: string | Named,
): { readonly name: string; readonly options: object } {
  if (typeof spec === 'string') return { name: spec, options: {} };
  // Whoever reads JSON or writes JavaScript may hand over anything.
  const { name, ...options } = Object(spec) as Named;
  if (typeof name === 'string' && !Array.isArray(spec)) return { name, options };
  throw usage(`this is no ${what}`, { got: spec, expected: 'a name, or an object with a name and options' });
}

/** The entry of that name. @throws usage for a name that `table` lacks, with the nearest that it has */
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

/** What the factory of that name makes of its options, which it checks itself. */
export function make<V>(what: string, table: Table<V>, spec: string | Named): V {
  const { name, options } = nameAndOptions(what, spec);
  return entryOf(what, table, name)(options as never);
}

/** The same, for a table whose rows hold the factory beside what it declares. */
export function makeEntry<V>(
  what: string,
  table: { readonly [name: string]: { readonly make: (options: never) => V } },
  spec: string | Named,
): V {
  const { name, options } = nameAndOptions(what, spec);
  return entryOf(what, table, name).make(options as never);
}
