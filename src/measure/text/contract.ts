import type { Tree } from '../../formula/index.ts';

/** A column as a question names it. */
export interface NamedColumn {
  /** Its name in the header of the table. */
  readonly name: string;
  /** For a column of words: the words, in the order of their numbers. */
  readonly words?: readonly string[];
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
    }
  | {
      /** A column that has a value, exactly where `std` is 0. */
      readonly kind: 'value';
      /** As it was written. */
      readonly text: string;
      /** Place of the column, from 0. */
      readonly column: number;
      /** The value. */
      readonly value: number;
      /** Standard deviation of the error of the value; 0 for none. */
      readonly std: number;
    }
  | {
      /** A formula of columns that has a value, exactly where `std` is 0. */
      readonly kind: 'formula';
      /** As it was written. */
      readonly text: string;
      /** The formula. */
      readonly form: Form;
      /** The value. */
      readonly value: number;
      /** Standard deviation of the error of the value; 0 for none. */
      readonly std: number;
    }
  | {
      /** A formula of columns between two bounds; −∞ and ∞ are none. */
      readonly kind: 'range';
      /** As it was written. */
      readonly text: string;
      /** The formula. */
      readonly form: Form;
      /** Its lower bound. */
      readonly low: number;
      /** Its upper bound. */
      readonly high: number;
    };

/** A formula of columns. */
export interface Form {
  /** Places of the columns that it uses, in the order of its variables. */
  readonly columns: readonly number[];
  /** The names of its variables. */
  readonly variables: readonly string[];
  /** The vetted formula. */
  readonly tree: Tree;
  /** Where it is linear: one factor for each of `columns`, and the constant. */
  readonly linear?: { readonly factors: readonly number[]; readonly constant: number };
}

/** What is wrong with a clause. */
export interface Fault {
  /** Tells it from a clause. */
  readonly kind: 'fault';
  /** In words. */
  readonly what: string;
  /** The clause as it should be written, where that is clear. */
  readonly mended?: string;
  /** Else names that have to be replaced, and by which. */
  readonly renames?: readonly (readonly [name: string, by: string])[];
}
