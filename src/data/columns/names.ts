import { closest, shortList, usage } from '../../errors.ts';
import { amountsOf } from './category.ts';
import type { ColumnKind } from './kinds.ts';

type NamedKind = Extract<ColumnKind, { kind: 'category' | 'yes-no' }>;

/** Words for yes and no, in several spellings. */
const TRUTH = new Map([
  ...['true', 'yes', 'y', 't', '1', 'on'].map(word => [word, 1] as const),
  ...['false', 'no', 'n', 'f', '0', 'off'].map(word => [word, 0] as const),
]);

/**
 * The code of each name. A name in another spelling has the same code: in other letter case, as another text
 * of the same number (`4.0` for `4`, and `5` for `5%` where all names are percents), or as another word for
 * yes or no. An unknown name has the code of the rare ones if the kind has such a class; otherwise its code
 * is undefined.
 */
export function codesOf(kind: NamedKind): (name: string) => number | undefined {
  const codes = new Map(kind.names.map((name, code) => [name, code]));
  const codesBySpelling = new Map(kind.names.map((name, code) => [spelling(name), code]));
  const truths = kind.names.map(name => TRUTH.get(name.toLowerCase()));
  const isTruth = kind.kind === 'yes-no' && truths.includes(0) && truths.includes(1);
  const other = kind.kind === 'category' && kind.other ? kind.names.length - 1 : undefined;
  const own = other === undefined ? kind.names : kind.names.slice(0, -1);
  const bare = new Map([...(amountsOf(own) ?? [])].map(([name, size]) => [String(size), codes.get(name)!]));
  return name => {
    const code = codes.get(name) ?? codesBySpelling.get(spelling(name)) ?? bare.get(spelling(name));
    if (code !== undefined) return code;
    const truth = isTruth ? TRUTH.get(name.toLowerCase()) : undefined;
    return truth === undefined ? other : truths.indexOf(truth);
  };
}

/** Texts with their counts, other spellings of a name under its most frequent one. */
export interface Spellings {
  readonly counts: ReadonlyMap<string, number>;
  /** All spellings of the name that has most of them, the most frequent first; one if no name has two. */
  readonly most: readonly string[];
}

/** One name for all its spellings: letter cases, numbers of one value, and words for yes and no. */
export function oneSpelling(counts: ReadonlyMap<string, number>): Spellings {
  const isTruth = areTruths(counts.keys());
  const groups = new Map<string, string[]>();
  for (const name of counts.keys()) {
    const key = isTruth ? String(TRUTH.get(name.toLowerCase())) : spelling(name);
    groups.set(key, [...(groups.get(key) ?? []), name]);
  }
  const isNumber = (name: string) => Number(!Number.isNaN(Number(name)));
  // Where only one name would be left, its spellings are all that the column says.
  if (groups.size === 1 && counts.size > 1) return { counts, most: [] };
  const byCount = (a: string, b: string) =>
    (isTruth ? isNumber(a) - isNumber(b) : 0) || counts.get(b)! - counts.get(a)!;
  const sorted = [...groups.values()].map(names => names.sort(byCount));
  const total = (names: readonly string[]) => names.reduce((sum, name) => sum + counts.get(name)!, 0);
  return {
    counts: new Map(sorted.map(names => [names[0]!, total(names)])),
    most: sorted.reduce((most, names) => (names.length > most.length ? names : most), []),
  };
}

/** Whether all texts are words for yes and no, both are there, and some are no numbers. */
export function areTruths(names: Iterable<string>): boolean {
  let [yes, no, words] = [false, false, false];
  for (const name of names) {
    const truth = TRUTH.get(name.toLowerCase());
    if (truth === undefined) return false;
    if (truth === 1) yes = true;
    else no = true;
    words ||= Number.isNaN(Number(name));
  }
  return yes && no && words;
}

const spelling = (name: string): string => {
  const text = name.trim().toLowerCase();
  // Longer numbers are rounded, and differ where their roundings agree.
  const number = text === '' || text.length > 15 ? Number.NaN : Number(text);
  return Number.isFinite(number) ? String(number) : text;
};

/** The error for a name that the kind does not have. */
export function unknownCategory(name: string, { names }: NamedKind, where?: string) {
  const near = closest(name, names);
  return usage(`Unknown category "${name}"`, {
    ...(where !== undefined && { where }),
    expected: shortList(names, 20),
    ...(near !== undefined && { remedy: `Did you mean "${near}"?` }),
  });
}
