import type { Tree } from '../../formula/index.ts';

/** A column with the name that a question uses. */
export interface NamedColumn {
  /** Its name in the header of the table. */
  readonly name: string;
  /** The same name without its unit, `height` for `height_cm`, if no other column has it. */
  readonly alias?: string;
  /** Why a column of the file is none of the samples: a question about it is refused with this reason. */
  readonly leftOut?: string;
  /** For a column of words: the words, in the order of their numbers. */
  readonly words?: readonly string[];
  /** The number of a word in another spelling. */
  readonly codeOf?: (word: string) => number | undefined;
  /** For numbers that are not written as numbers, such as dates: the number of a text. */
  readonly read?: (text: string) => number | undefined;
  /** The size of an error, which may have the unit of the column: `1 kg`. */
  readonly size?: (text: string) => number | undefined;
  /**
   * For texts that mean several values, such as a month of a column of days: the first value, and the first
   * one after them; undefined for a text that means one.
   */
  readonly span?: (text: string) => readonly [low: number, high: number] | undefined;
  /** The value of a text that is written as the file writes its values, though it may mean several. */
  readonly own?: (text: string) => number | undefined;
  /** How they are written, if in no other way: `YYYY-MM-DD`. */
  readonly format?: string;
  /** The separator of thousands in its numbers. */
  readonly thousands?: string;
  /** The unit of its numbers, if it is known: `kg`. A number in another one is none. */
  readonly unit?: string;
  /** The unit of a name that is the name of this column with another unit: `m` for `height_m`. */
  readonly unitIn?: (name: string) => string | undefined;
  /** How many of its units one of another unit is: 100 for `m` in a column of cm; undefined if unknown. */
  readonly factor?: (unit: string) => number | undefined;
}

/** One part of a question, in the units of the data. */
export type Clause =
  | {
      /** A column of words that has one of its words. */
      readonly kind: 'word';
      /** As it was written. */
      readonly text: string;
      /** Place of the column, from 0. */
      readonly column: number;
      /** Number of the word, from 0. */
      readonly word: number;
      /** Whether its value is a question mark, which only `calibrate` can fill. */
      readonly open?: true;
    }
  | {
      /** A column that has a value; the value is exact if `std` is 0. */
      readonly kind: 'value';
      /** As it was written. */
      readonly text: string;
      /** Place of the column, from 0. */
      readonly column: number;
      /** The value. */
      readonly value: number;
      /** Standard deviation of the error of the value; 0 for none. */
      readonly std: number;
      /** Whether its value is a question mark, which only `calibrate` can fill. */
      readonly open?: true;
    }
  | {
      /** A formula of columns that has a value; the value is exact if `std` is 0. */
      readonly kind: 'formula';
      /** As it was written. */
      readonly text: string;
      /** The formula. */
      readonly form: Form;
      /** The value. */
      readonly value: number;
      /** Standard deviation of the error of the value; 0 for none. */
      readonly std: number;
      /** Whether its value is a question mark, which only `calibrate` can fill. */
      readonly open?: true;
    }
  | {
      /** A formula of columns between two bounds; −∞ and ∞ mean no bound. */
      readonly kind: 'range';
      /** As it was written. */
      readonly text: string;
      /** The formula. */
      readonly form: Form;
      /** Its lower bound. */
      readonly low: number;
      /** Its upper bound. */
      readonly high: number;
      /** Whether it may not equal the lower and the upper bound. It matters for values on a grid. */
      readonly strict: readonly [low: boolean, high: boolean];
    };

/** A formula of columns. */
export interface Form {
  /** Places of the columns that it uses, in the order of its variables. */
  readonly columns: readonly number[];
  /** The names of its variables. */
  readonly variables: readonly string[];
  /** The vetted formula. */
  readonly tree: Tree;
  /** For a linear formula: Σ factorsᵢ·columnᵢ + constant. */
  readonly linear?: {
    /** One factor for each of `columns`. */
    readonly factors: readonly number[];
    /** The constant. */
    readonly constant: number;
  };
}

/** What is wrong with a clause. */
export interface Fault {
  /** Distinguishes it from a clause. */
  readonly kind: 'fault';
  /** In words. */
  readonly what: string;
  /** The clause as it should be written, if that is clear. */
  readonly mended?: string;
  /** Otherwise the names to replace, each with its replacement. */
  readonly renames?: readonly Rename[];
}

/** A name that stands for another one; then its numbers count `factor` times, if that is given. */
export type Rename = readonly [name: string, by: string, factor?: number];
