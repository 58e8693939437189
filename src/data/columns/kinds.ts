import { parse } from 'csv-parse/sync';
import { z } from 'zod';
import { unknownName, usage } from '../../errors.ts';
import { type GridJson, gridSchema } from '../units/grid.ts';

/**
 * What a column of a table holds, and so what its numbers stand for. Numbers are themselves. A category is
 * its place among the names, 0 to K − 1. A date is the number of days since 1970-01-01 UTC, with a fraction
 * for the time of day. A missing cell is NaN in every kind.
 */
export type ColumnKind =
  /** Real numbers. */
  | { readonly kind: 'number' }
  /** Whole numbers, or numbers a constant decimal step apart. */
  | { readonly kind: 'grid'; readonly step: GridJson }
  | CategoryKind
  /** Two values of any spelling. */
  | { readonly kind: 'yes-no'; readonly names: readonly [string, string] }
  /** Days, or finer; `format` says how they are written: `YYYY-MM-DD`. */
  | { readonly kind: 'date'; readonly step: GridJson; readonly format: string };

/** One of K names. */
export interface CategoryKind {
  readonly kind: 'category';
  /** K ≥ 2 names, in the order of their codes. */
  readonly names: readonly string[];
  /** How many rows have each. */
  readonly counts: readonly number[];
  /** Whether the last name stands for all rare ones. */
  readonly other?: true | undefined;
  readonly ordered?: never;
}

/** The names of the kinds. */
export const kindNames = ['number', 'grid', 'category', 'yes-no', 'date'] as const;
/** A name of `kindNames`. */
export type KindName = (typeof kindNames)[number];

/**
 * What is said of columns, by their names or ranges of names: a kind that is then fitted to the column;
 * `ignore`, to leave it out; or a whole kind, such as a run's, which then decides.
 */
export type KindChoices = Readonly<Record<string, KindName | 'ignore' | ColumnKind>>;

/** How the numbers of a column are written: `$1,234.50`. */
export interface NumberText {
  /** Before the number, behind its sign. */
  readonly prefix?: string | undefined;
  readonly suffix?: string | undefined;
  /** Between thousands. */
  readonly thousands?: string | undefined;
  /** Present if a comma begins the fraction. */
  readonly decimal?: ',' | undefined;
  /** Most digits of the fraction; without it, as many as the number has. */
  readonly decimals?: number | undefined;
  /** Whether all numbers have that many digits: `4.90`. */
  readonly fixed?: true | undefined;
}

/** One column of a file. */
export type LayoutColumn =
  /** A column of the model: its place among them, and how its numbers are written. */
  | {
      readonly name: string;
      readonly role: 'modelled';
      readonly index: number;
      readonly style?: NumberText | undefined;
    }
  /** One text in all rows. It is written back, and has no density. */
  | { readonly name: string; readonly role: 'constant'; readonly text: string }
  /** The classes of the rows. */
  | { readonly name: string; readonly role: 'label' }
  /** Left out, and why. */
  | { readonly name: string; readonly role: 'ignored'; readonly reason: string };

/** Every column of a file, in its order. */
export type TableLayout = readonly LayoutColumn[];

const names = z.array(z.string());

/** A kind, as a configuration holds it. */
export const columnKindSchema: z.ZodType<ColumnKind> = z.discriminatedUnion('kind', [
  z.strictObject({ kind: z.literal('number') }),
  z.strictObject({ kind: z.literal('grid'), step: gridSchema }),
  z
    .strictObject({
      kind: z.literal('category'),
      names: names.min(2),
      counts: z.array(z.number().int().nonnegative()),
      other: z.literal(true).optional(),
    })
    .refine(kind => kind.names.length === kind.counts.length, 'as many counts as names'),
  z.strictObject({ kind: z.literal('yes-no'), names: z.tuple([z.string(), z.string()]) }),
  z.strictObject({ kind: z.literal('date'), step: gridSchema, format: z.string().min(1) }),
]);

const style = z.strictObject({
  prefix: z.string().optional(),
  suffix: z.string().optional(),
  thousands: z.string().optional(),
  decimal: z.literal(',').optional(),
  decimals: z.number().int().min(0).max(100).optional(),
  fixed: z.literal(true).optional(),
});

/** A layout, as a configuration holds it. */
export const tableLayoutSchema: z.ZodType<TableLayout> = z.array(
  z.discriminatedUnion('role', [
    z.strictObject({
      name: z.string(),
      role: z.literal('modelled'),
      index: z.number().int().nonnegative(),
      style: style.optional(),
    }),
    z.strictObject({ name: z.string(), role: z.literal('constant'), text: z.string() }),
    z.strictObject({ name: z.string(), role: z.literal('label') }),
    z.strictObject({ name: z.string(), role: z.literal('ignored'), reason: z.string() }),
  ]),
);

const CHOICES = [...kindNames, 'ignore'] as const;

/**
 * `age=number,zip=category,when=date,id=ignore` as values: a line of CSV, so a name with a comma stands in
 * quotes with its kind. A range `p0..p9=grid` names its columns. The columns themselves are checked where the
 * table is read.
 * @throws usage for an entry without a kind, and for an unknown kind, with the nearest one
 */
export function parseKinds(text: string): Readonly<Record<string, KindName | 'ignore'>> {
  const entries = parse(text, { trim: true, relax_quotes: true, relax_column_count: true }).flat();
  return Object.fromEntries(entries.filter(entry => entry !== '').map(choiceOf));
}

function choiceOf(entry: string): readonly [string, KindName | 'ignore'] {
  const at = entry.lastIndexOf('=');
  const [name, kind] = [entry.slice(0, at).trim(), entry.slice(at + 1).trim()];
  if (at < 0 || name === '')
    throw usage('A kind without a column', { got: entry, expected: `COLUMN=KIND: ${CHOICES.join(', ')}` });
  const known = CHOICES.find(choice => choice === kind);
  if (!known) throw unknownName('kind of column', kind, CHOICES);
  return [name, known];
}
