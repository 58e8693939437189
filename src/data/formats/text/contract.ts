import type { DecimalMark } from './numerals.ts';

/** How a table is written. What is not said is found from its content. */
export interface TextOptions {
  /** `comma`, `semicolon`, `tab`, `pipe`, `blank`, or the character itself */
  readonly delimiter?: string;
  /** The character before the fraction of a number: `.` or `,`. */
  readonly decimal?: DecimalMark;
  /** Whether the first line names the columns. */
  readonly header?: boolean;
  /** A name of the Encoding Standard: `utf-8`, `windows-1252`, … */
  readonly encoding?: string;
  /** Leave out every row with a cell that is no number, or without a label. */
  readonly dropRows?: boolean;
}

/** How a table was written: all that `TextOptions` may say. */
export type Dialect = Required<Omit<TextOptions, 'dropRows'>>;

/** A table of text as its file has it: names, and cells that nothing has made numbers of yet. */
export interface TextTable {
  /** Where it came from, for errors. */
  readonly where: string;
  /** The names of the columns, no two alike. */
  readonly names: readonly string[];
  /** Rows. */
  readonly count: number;
  readonly dialect: Dialect;
  /** What a person should be told: what was guessed, skipped or left out. */
  readonly remarks: readonly string[];
  /**
   * The cells of a column from the first row to the last, without blanks around them. They are made anew at
   * each call.
   */
  column(index: number): readonly string[];
  /** Where a row, from 0, is in the file: `row 1 (line 2)`. */
  place(row: number): string;
}
