import type { DecimalMark } from './numerals.ts';

/**
 * What becomes of missing cells. `keep`: they stay, as NaN. `drop`: their rows are left out. `refuse`: they
 * are an error.
 */
export const missingPolicies = ['keep', 'drop', 'refuse'] as const;
/** A name of `missingPolicies`. */
export type Missing = (typeof missingPolicies)[number];

/** The layout of a text table. Anything omitted is detected from the content. */
export interface TextOptions {
  /** `comma`, `semicolon`, `tab`, `pipe`, `blank`, or the character itself. */
  readonly delimiter?: string;
  /** The character before the fraction of a number: `.` or `,`. */
  readonly decimal?: DecimalMark;
  /** Whether the first line names the columns. */
  readonly header?: boolean;
  /** A name of the Encoding Standard: `utf-8`, `windows-1252`, … */
  readonly encoding?: string;
  /** Leave out every row without a label, or with a cell that is not a number. */
  readonly dropRows?: boolean;
  /** What becomes of missing cells: `keep` (default), `drop` (as `dropRows`) or `refuse`. */
  readonly missing?: Missing;
}

/** The complete layout of a table, with no option left open. */
export type Dialect = Required<Omit<TextOptions, 'dropRows' | 'missing'>>;

/** A text table as read from its file: names, and cells that are still text. */
export interface TextTable {
  /** Where it came from, for errors. */
  readonly where: string;
  /** The column names, all different. */
  readonly names: readonly string[];
  /** The number of rows. */
  readonly count: number;
  /** The layout of the text, given or detected. */
  readonly dialect: Dialect;
  /** Of records within records: the path of each column in a record, by its name `size.width`. */
  readonly paths?: ReadonlyMap<string, readonly string[]>;
  /** Remarks for the user: what was guessed, skipped or left out. */
  readonly remarks: readonly string[];
  /**
   * The cells of a column, from the first row to the last, without surrounding blanks. Each call decodes them
   * again.
   */
  column(index: number): readonly string[];
  /** The position of a row, counted from 0, in the file: `row 1 (line 2)`. */
  place(row: number): string;
}
