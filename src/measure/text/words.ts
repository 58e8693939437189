import { closest, shortList } from '../../errors.ts';
import type { Clause, Fault, NamedColumn } from './contract.ts';
import { asWord } from './forms.ts';
import { asName, type Piece, written } from './pieces.ts';

/** Other names of two values. */
const SAME: Readonly<Record<string, string>> = {
  ...{ yes: 'true', y: 'true', '1': 'true', no: 'false', n: 'false', '0': 'false' },
  ...{ true: 'yes', false: 'no' },
};

/** A column of words that has one of them: the right side of `species = virginica`. */
export function wordOf(
  column: number,
  { name, words, codeOf }: NamedColumn,
  right: Piece[],
  text: string,
): Clause | Fault {
  const quoted = right.find(({ kind }) => kind === 'quoted');
  const plain = written(right);
  const isSingle = /^'.*'$/.test(plain) && !words!.includes(plain);
  const word = quoted ? quoted.text : isSingle ? plain.slice(1, -1) : plain;
  const exact = words!.indexOf(word);
  const place = exact < 0 && word !== '?' ? (codeOf?.(word) ?? exact) : exact;
  if (place >= 0) return { kind: 'word', text, column, word: place };
  if (word === '?' && !quoted) return { kind: 'word', text, column, word: 0, open: true };
  const near = closest(word, words!) ?? words!.find(each => each === SAME[word.toLowerCase()]);
  const hint = near === undefined ? '' : ` (did you mean ${near}?)`;
  const what = `"${name}" has no word "${word}"${hint}; words: ${shortList(words!, 12, '')}`;
  return {
    kind: 'fault',
    what,
    ...(near !== undefined && { mended: `${asName(name)}=${asWord(near)}` }),
  };
}
