import { type OptionValues, optionWords, shellWord, shortList } from './errors/shell.ts';

export { shortList } from './errors/shell.ts';

/**
 * What every error of this package says: what went wrong, where, what was there, what was expected, and how
 * to fix it.
 */
export interface ErrorParts {
  /** The place: a function, a file with its row, an option. */
  readonly where?: string;
  /** What was there. */
  readonly got?: unknown;
  /** What should be there, in words. */
  readonly expected?: string;
  /** What to do, in words. */
  readonly remedy?: string;
  /** Options of the command line that fix it, if the command has such options. */
  readonly mend?: {
    /** What they do, in words: `Leave it out:`. */
    readonly says: string;
    /** The options by name. */
    readonly options: OptionValues;
  };
}

/** A failure the user can act on. `kind` decides the exit status of the command line: usage 2, failure 1. */
export class LangevinError extends Error {
  /** `usage`: the caller asked for something impossible. `failure`: the work itself failed. */
  readonly kind: 'usage' | 'failure';
  /** What went wrong, without the parts. */
  readonly what: string;
  /** Where, what was there, what was expected, how to fix it. */
  readonly parts: ErrorParts;

  /** `message` is `what` with its parts. Default kind: `failure`. */
  constructor(what: string, parts: ErrorParts = {}, kind: 'usage' | 'failure' = 'failure') {
    super(compose(what, parts));
    this.name = 'LangevinError';
    this.kind = kind;
    this.what = what;
    this.parts = parts;
  }
}

/**
 * The caller asked for something impossible: a wrong name, number or combination. Refused before any work.
 */
export const usage = (what: string, parts: ErrorParts = {}) => new LangevinError(what, parts, 'usage');

/** The work itself failed: a damaged file, a number that left its range, a library that did not load. */
export const failure = (what: string, parts: ErrorParts = {}) => new LangevinError(what, parts, 'failure');

/**
 * An error for an optional package that does not load. If the package is absent, one command restores it: npm
 * leaves a package out, without a message, if its install script fails. If the package is present but does
 * not load on this machine, only `otherwise` helps.
 */
export function notLoaded(
  what: string,
  name: string,
  cause: Error,
  otherwise: string,
  part = 'native library',
): LangevinError {
  const absent = /^Cannot find (?:package|module) '(?![./]|\w:)([^']+)/.exec(cause.message)?.[1];
  return failure(what, {
    got: absent ? `no package ${absent}` : cause.message.split('\n')[0],
    expected: `${name} with its ${part}`,
    remedy: absent ? `Run \`${RESTORE}\` in your project, or ${otherwise}` : capital(otherwise),
  });
}

/** Restores what npm left out. No install script runs, so none can fail; the package needs none. */
const RESTORE = 'npm install --ignore-scripts';

const capital = (text: string) => text.charAt(0).toUpperCase() + text.slice(1);

/** The longest part of a message, because parts can come from untrusted input. */
const LONGEST = 500;

/** A text, or its beginning. */
export const clipped = (text: string, longest = LONGEST): string =>
  text.length > longest ? `${text.slice(0, longest - 3)}...` : text;

/** The text of an error. */
function compose(what: string, { where, got, expected, remedy, mend }: ErrorParts): string {
  const lines = [where ? `${clipped(where)}: ${what}` : what];
  if (got !== undefined) lines.push(`got ${clipped(show(got), 120)}`);
  if (expected) lines.push(`expected ${expected}`);
  const leave = mend && `${mend.says} ${optionWords(mend.options).map(shellWord).join(' ')}`;
  const mended = leave && remedy ? `Or ${remedy[0]!.toLowerCase()}${remedy.slice(1)}` : remedy;
  const ways = [lines.join('; '), leave, mended].filter(way => way !== undefined);
  return ways.join(what.includes('\n') ? '\n' : '. ');
}

/** Any value as text. A value nested too deeply, or one that cannot become text, is described by its type. */
function show(value: unknown): string {
  try {
    if (typeof value === 'string') return JSON.stringify(value.slice(0, LONGEST));
    if (Array.isArray(value)) return String(value.slice(0, LONGEST));
    const isPlain = typeof value === 'object' && value !== null && !(value instanceof Error);
    return isPlain && String(value) === '[object Object]' ? JSON.stringify(value) : String(value);
  } catch {
    return `a value of type ${typeof value}`;
  }
}

/** `Unknown solver "huen". Did you mean "heun"? Available: euler, heun.` */
export function unknownName(what: string, name: string, available: readonly string[]): LangevinError {
  const short = clipped(String(name), 80);
  const near = closest(short, available);
  const hint = near ? ` Did you mean "${near}"?` : '';
  return usage(`Unknown ${what} "${short}".${hint} Available: ${shortList(available, 40, '')}`);
}

/** @throws usage if the value is not text */
export function requireText(what: string, value: unknown): asserts value is string {
  if (typeof value !== 'string') throw usage(`The ${what} is not text`, { got: value, expected: 'text' });
}

/** The nearest of `names` by edit distance, if it is near enough to be a typing mistake. */
export function closest(name: string, names: readonly string[]): string | undefined {
  const ranked = names
    .filter(candidate => Math.abs(candidate.length - name.length) <= slips(candidate) && name.length <= 80)
    .map(candidate => ({ candidate, distance: editDistance(name.toLowerCase(), candidate.toLowerCase()) }))
    .sort((a, b) => a.distance - b.distance);
  const best = ranked[0];
  // A name of one letter that is wholly another one is no slip of it.
  const isNear = best && best.distance <= slips(best.candidate) && best.distance < name.length;
  return isNear && best.distance < best.candidate.length ? best.candidate : undefined;
}

/** The number of wrong letters that still counts as a typing mistake. */
const slips = (name: string) => Math.max(2, Math.floor(name.length / 3));

function editDistance(a: string, b: string): number {
  let row = Array.from({ length: b.length + 1 }, (_, j) => j);
  for (let i = 1; i <= a.length; i++) {
    const next = [i];
    for (let j = 1; j <= b.length; j++) {
      const swap = row[j - 1]! + (a[i - 1] === b[j - 1] ? 0 : 1);
      next.push(Math.min(row[j]! + 1, next[j - 1]! + 1, swap));
    }
    row = next;
  }
  return row[b.length]!;
}
