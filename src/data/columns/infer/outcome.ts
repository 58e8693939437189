import type { ColumnKind, KindName, NumberText } from '../kinds.ts';
import type { CellColumn } from '../numbers.ts';
import type { NumberStyle } from '../styles.ts';

/** A name in a row that its column does not know. */
export interface Stranger {
  /** From 0. */
  readonly row: number;
  /** The column. */
  readonly name: string;
  /** What it says. */
  readonly cell: string;
}

/** A column for the model. */
export interface ModelledColumn extends CellColumn {
  readonly role: 'modelled';
  readonly kind: ColumnKind;
  /** How its numbers are written. */
  readonly text?: NumberText;
  /** How its cells were read, where they are no plain numbers: `$5 as 5`. */
  readonly example?: string | undefined;
  /** The spellings of one of its names, if some have several. */
  readonly spellings?: readonly string[];
  /** The first cell by which its numbers were taken as codes: `007`. */
  readonly code?: string;
  /** Cells with names that the kind does not know, where such are told and not refused. */
  readonly strangers?: readonly Stranger[];
}

/** A column with one text in all rows. */
export interface ConstantColumn {
  readonly role: 'constant';
  readonly name: string;
  readonly text: string;
}

/** A column that is left out, and why. */
export interface IgnoredColumn {
  readonly role: 'ignored';
  readonly name: string;
  readonly reason: string;
  /** A kind that would keep it. */
  readonly otherwise?: KindName | undefined;
  /** The first cell by which its numbers were taken as codes: `007`. */
  readonly code?: string;
  /** Cells of it that are numbers, if there are some. */
  readonly numbers?: number | undefined;
}

/** What becomes of a column. */
export type ColumnOutcome = ModelledColumn | ConstantColumn | IgnoredColumn;

/** What is known of a column before its cells are looked at. */
export interface ColumnContext {
  /** The ways of writing numbers, the commonest first. */
  readonly styles: readonly NumberStyle[];
  /** Whether a constant column of numbers is one of the model. */
  readonly constants: boolean;
  /** Whether all columns of numbers are whole numbers to be dequantised. */
  readonly whole: boolean;
  /** Whether a name that a complete kind does not know is told. Else it is an error. */
  readonly strangers: boolean;
  /** Names the place of a cell. */
  place(row: number): string;
}

export const ignored = (
  name: string,
  reason: string,
  more: Pick<IgnoredColumn, 'otherwise' | 'numbers'> = {},
): IgnoredColumn => ({ role: 'ignored', name, reason, ...more });
