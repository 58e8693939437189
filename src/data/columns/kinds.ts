import * as z from 'zod';
import { type GridJson, gridSchema } from '../units/grid.ts';

/**
 * What a column of a table contains, and so the meaning of its numbers. Numbers mean themselves. A category
 * is the position of its name, 0 to K − 1. A date is the number of days since 1970-01-01 UTC, with the time
 * of day as a fraction. A missing cell is NaN in every kind.
 */
export type ColumnKind =
  | {
      /** Real numbers. */
      readonly kind: 'number';
      /** Numbers that stand for no value, such as −999. */
      readonly missing?: readonly number[] | undefined;
    }
  | {
      /** Whole numbers, or numbers a constant decimal step apart. */
      readonly kind: 'grid';
      /** Their step. */
      readonly step: GridJson;
      /** Numbers that stand for no value, such as −999. */
      readonly missing?: readonly number[] | undefined;
    }
  | CategoryKind
  | {
      /** Two values in any spelling. */
      readonly kind: 'yes-no';
      /** The two spellings: of 0, and of 1. */
      readonly names: readonly [string, string];
    }
  | {
      /** Days or finer units. */
      readonly kind: 'date';
      /** Their step, in days. */
      readonly step: GridJson;
      /** The way they are written: `YYYY-MM-DD`. */
      readonly format: string;
    };

/** One of K names. */
export interface CategoryKind {
  /** Tells it from other kinds. */
  readonly kind: 'category';
  /** K ≥ 2 names, in the order of their codes. */
  readonly names: readonly string[];
  /** The number of rows with each name. */
  readonly counts: readonly number[];
  /** Whether the last name means all rare ones. */
  readonly other?: true | undefined;
  /** Never set: the order of the names means nothing. */
  readonly ordered?: never;
}

/** The names of the kinds. */
export const kindNames = ['number', 'grid', 'category', 'yes-no', 'date'] as const;
/** A name of `kindNames`. */
export type KindName = (typeof kindNames)[number];

/** A complete kind, with the unit of its numbers, such as `kg`, if one is known. */
export type KnownKind = ColumnKind & {
  /** The unit in which its numbers are written. */
  readonly unit?: string | undefined;
};

/**
 * Choices for columns, by their names or ranges of names: the name of a kind, which is then fitted to the
 * column; `ignore`, to leave it out; or a complete kind, such as that of a run, which is used unchanged. A
 * column in another unit than that of its complete kind is refused.
 */
export type KindChoices = Readonly<Record<string, KindName | 'ignore' | KnownKind>>;

/** How the numbers of a column are written, such as `$1,234.50`. */
export interface NumberText {
  /** Text before the number, after its sign. */
  readonly prefix?: string | undefined;
  /** Text after the number. */
  readonly suffix?: string | undefined;
  /** The separator of thousands. */
  readonly thousands?: string | undefined;
  /** Set if negative numbers are in brackets: `(5)`. */
  readonly brackets?: true | undefined;
  /** Set if the sign of negative numbers is behind them: `5-`. */
  readonly minusBehind?: true | undefined;
  /** Set if the decimal mark is a comma. */
  readonly decimal?: ',' | undefined;
  /** The largest number of decimals; without it, as many as the number has. */
  readonly decimals?: number | undefined;
  /** Whether all numbers have this number of decimals: `4.90`. */
  readonly fixed?: true | undefined;
}

/** One column of a file. */
export type LayoutColumn =
  | {
      /** Its name in the header. */
      readonly name: string;
      /** A column of the model. */
      readonly role: 'modelled';
      /** Its position among the columns of the model, from 0. */
      readonly index: number;
      /** How its numbers are written. */
      readonly style?: NumberText | undefined;
    }
  | {
      /** Its name in the header. */
      readonly name: string;
      /** A column with the same text in all rows. It is written back, and has no density. */
      readonly role: 'constant';
      /** That text. */
      readonly text: string;
    }
  | {
      /** Its name in the header. */
      readonly name: string;
      /** The classes of the rows. */
      readonly role: 'label';
    }
  | {
      /** Its name in the header. */
      readonly name: string;
      /** A column that is left out. */
      readonly role: 'ignored';
      /** Why. */
      readonly reason: string;
    };

/** Every column of a file, in its order. */
export type TableLayout = readonly LayoutColumn[];

const names = z.array(z.string());
const missing = z.array(z.number()).optional();

/** The schema of a kind in a configuration. */
export const columnKindSchema: z.ZodType<ColumnKind> = z.discriminatedUnion('kind', [
  z.strictObject({ kind: z.literal('number'), missing }),
  z.strictObject({ kind: z.literal('grid'), step: gridSchema, missing }),
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
  brackets: z.literal(true).optional(),
  minusBehind: z.literal(true).optional(),
  decimal: z.literal(',').optional(),
  decimals: z.number().int().min(0).max(100).optional(),
  fixed: z.literal(true).optional(),
});

/** The schema of a layout in a configuration. */
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
