/** What every error of this package says: what went wrong, where, what was got, what was expected, how to mend it. */
export interface ErrorParts {
  readonly where?: string;
  readonly got?: unknown;
  readonly expected?: string;
  readonly remedy?: string;
}

/** A failure the user can act on. `kind` decides the exit status of the command line: usage 2, failure 1. */
export class LangevinError extends Error {
  readonly kind: 'usage' | 'failure';
  readonly parts: ErrorParts;

  constructor(what: string, parts: ErrorParts = {}, kind: 'usage' | 'failure' = 'failure') {
    super(compose(what, parts));
    this.name = 'LangevinError';
    this.kind = kind;
    this.parts = parts;
  }
}

/** The caller asked for something that cannot be: a wrong name, number or combination. Refused before any work. */
export const usage = (what: string, parts: ErrorParts = {}) => new LangevinError(what, parts, 'usage');

/** The work itself failed: a damaged file, a number that left its range, a library that did not load. */
export const failure = (what: string, parts: ErrorParts = {}) => new LangevinError(what, parts, 'failure');

/**
 * An optional package that does not load. Where it is absent, one command brings it back: npm leaves a package out, without a
 * word, if its install script fails. Where it is there and does not load here, only `otherwise` helps.
 */
export function notLoaded(what: string, name: string, cause: Error, otherwise: string): LangevinError {
  const absent = /^Cannot find (?:package|module) '(?![./]|\w:)([^']+)/.exec(cause.message)?.[1];
  return failure(what, {
    got: absent ? `no package ${absent}` : cause.message.split('\n')[0],
    expected: `${name} with its native library`,
    remedy: absent ? `Run \`${RESTORE}\` in your project, or ${otherwise}` : capital(otherwise),
  });
}

/** Brings back what npm left out: a failing install script cannot fail where none runs, and none is needed. */
const RESTORE = 'npm install --ignore-scripts';

const capital = (text: string) => text.charAt(0).toUpperCase() + text.slice(1);

/** No part of a message is longer, however long what a stranger wrote. */
const LONGEST = 500;

/** A text, or its beginning. */
export const clipped = (text: string, longest = LONGEST): string =>
  text.length > longest ? `${text.slice(0, longest - 3)}...` : text;

function compose(what: string, { where, got, expected, remedy }: ErrorParts): string {
  const lines = [where ? `${clipped(where)}: ${what}` : what];
  if (got !== undefined) lines.push(`got ${clipped(show(got), 120)}`);
  if (expected) lines.push(`expected ${expected}`);
  return lines.join('; ') + (remedy ? `. ${remedy}` : '');
}

/** Any value as text: one too deep or too strange to be shown is told by its type. */
function show(value: unknown): string {
  try {
    if (typeof value === 'string') return JSON.stringify(value.slice(0, LONGEST));
    if (Array.isArray(value)) return String(value.slice(0, LONGEST));
    const plain = typeof value === 'object' && value !== null && !(value instanceof Error);
    return plain && String(value) === '[object Object]' ? JSON.stringify(value) : String(value);
  } catch {
    return `a value of type ${typeof value}`;
  }
}

/** `Unknown solver "huen". Did you mean "heun"? Available: euler, heun.` */
export function unknownName(what: string, name: string, available: readonly string[]): LangevinError {
  const short = clipped(String(name), 80);
  const near = closest(short, available);
  const hint = near ? ` Did you mean "${near}"?` : '';
  return usage(`Unknown ${what} "${short}".${hint} Available: ${available.join(', ')}`);
}

/** @throws usage for a value that is no text */
export function requireText(what: string, value: unknown): asserts value is string {
  if (typeof value !== 'string') throw usage(`this is no ${what}`, { got: value, expected: 'a text' });
}

/** The nearest of `names` by edit distance, if near enough to be a slip of the hand. */
export function closest(name: string, names: readonly string[]): string | undefined {
  const ranked = names
    .map(candidate => ({ candidate, distance: editDistance(name.toLowerCase(), candidate.toLowerCase()) }))
    .sort((a, b) => a.distance - b.distance);
  const best = ranked[0];
  return best && best.distance <= Math.max(2, Math.floor(best.candidate.length / 3))
    ? best.candidate
    : undefined;
}

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
