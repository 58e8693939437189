import type { Dialect, TextOptions } from './contract.ts';
import { delimiterName } from './delimiter.ts';

export interface Circumstances {
  /** The delimiter that the file's name suggests. */
  readonly usual: string;
  readonly options: TextOptions;
  /** Whether the encoding is a guess. */
  readonly guessed: boolean;
  /** Whether a first column without a name was left out. */
  readonly index: boolean;
  readonly comments: number;
  /** Lines of titles above the table, and of notes below it. */
  readonly titles: number;
  readonly notes: number;
}

/** What was guessed, skipped or left out while reading a table, one line for each. */
export function remarks(
  { delimiter, decimal, header, encoding, names }: Dialect & { readonly names: readonly string[] },
  { usual, options, guessed, index, comments, titles, notes: below }: Circumstances,
): string[] {
  const notes: string[] = [];
  const guesses = [
    options.delimiter === undefined &&
      delimiter !== usual &&
      names.length > 1 &&
      `delimiter ${delimiterName(delimiter)}`,
    options.decimal === undefined && decimal === ',' && 'decimal comma',
    guessed && `encoding ${encoding}`,
    comments > 0 && `${lineCount(comments)} of comments skipped`,
    titles > 0 && `${lineCount(titles)} above the table skipped`,
    below > 0 && `${lineCount(below)} below the table skipped`,
  ].filter(guess => guess !== false);
  if (guesses.length > 0) notes.push(`read with ${guesses.join(', ')}`);
  if (!header && options.header === undefined)
    notes.push(`no header line (--header if there is one): columns ${names[0]} to ${names.at(-1)}`);
  if (index) notes.push('left out, as it has no name: the first column');
  return notes;
}

const lineCount = (count: number) => `${count} ${count === 1 ? 'line' : 'lines'}`;
