import { closest, shortList, usage } from '../../errors.ts';
import type { ColumnKind } from './kinds.ts';

type NamedKind = Extract<ColumnKind, { kind: 'category' | 'yes-no' }>;

/** Words for yes and no, in several spellings. */
const TRUTH = new Map([
  ...['true', 'yes', 'y', 't', '1', 'on'].map(word => [word, 1] as const),
  ...['false', 'no', 'n', 'f', '0', 'off'].map(word => [word, 0] as const),
]);

/**
 * The code of each name. A name in another spelling has the same code: in other letter case, as another text
 * of the same number (`4.0` for `4`), or as another word for yes or no. An unknown name has the code of the
 * rare ones if the kind has such a class; otherwise its code is undefined.
 */
export function codesOf(kind: NamedKind): (name: string) => number | undefined {
  const codes = new Map(kind.names.map((name, code) => [name, code]));
  const codesBySpelling = new Map(kind.names.map((name, code) => [spelling(name), code]));
  const truths = kind.names.map(name => TRUTH.get(name.toLowerCase()));
  const isTruth = kind.kind === 'yes-no' && truths.includes(0) && truths.includes(1);
  const other = kind.kind === 'category' && kind.other ? kind.names.length - 1 : undefined;
  return name => {
    const code = codes.get(name) ?? codesBySpelling.get(spelling(name));
    if (code !== undefined) return code;
    const truth = isTruth ? TRUTH.get(name.toLowerCase()) : undefined;
    return truth === undefined ? other : truths.indexOf(truth);
  };
}

const spelling = (name: string): string => {
  const text = name.trim().toLowerCase();
  const number = text === '' ? Number.NaN : Number(text);
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
