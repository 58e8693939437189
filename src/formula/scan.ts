import { closest, usage } from '../errors.ts';
import { constants, functionNames, functions } from './functions.ts';

export interface Name {
  readonly text: string;
  readonly at: number;
}

const MAX_LENGTH = 500;
const MAX_NESTING = 50;

const tokens = [
  ['space', /[ \t]+/y],
  // A number cannot end in a dot: mathjs reads `2.*t` as an operator of arrays.
  ['number', /(?:\d+(?:\.\d+)?|\.\d+)(?:[eE][+-]?\d+)?/y],
  ['name', /[A-Za-z_][A-Za-z_0-9]*/y],
  ['operator', /[-+*/^,]/y],
  ['open', /\(/y],
  ['close', /\)/y],
] as const;
type Kind = (typeof tokens)[number][0];

/** The error for a place in a formula: the message, what is allowed, and a caret below the place. */
export function formulaError(text: string, at: number, what: string) {
  const line = `\n  ${text.replaceAll(/\s/g, ' ')}\n  ${' '.repeat(at)}^`;
  return usage(`${what}, at character ${at + 1}`, {
    where: 'formula',
    expected: `numbers, variables, ${Object.keys(constants).join(', ')}, + - * / ^ ( ) and ${functionNames.join(', ')}`,
    remedy: line,
  });
}

/**
 * Checks a formula before any parser sees it: only allowed characters, names and neighbours pass. Returns the
 * names in the order of the text. Anything else is refused with its place.
 */
export function scan(text: string, variables: readonly string[]): Name[] {
  if (text.length > MAX_LENGTH) {
    throw usage('is too long', { where: 'formula', got: text, expected: `at most ${MAX_LENGTH} characters` });
  }
  if (text.trim() === '') throw usage('is empty', { where: 'formula', expected: 'such as 0.1 + 19.9*t' });
  const names: Name[] = [];
  let before: { kind: Kind; text: string } | undefined;
  let nesting = 0;
  for (let at = 0; at < text.length; ) {
    const token = tokenAt(text, at);
    if (token.kind !== 'space') {
      checkToken(text, at, before, token);
      if (token.kind === 'name') names.push(vetted(text, { text: token.text, at }, variables));
      nesting += token.kind === 'open' ? 1 : token.kind === 'close' ? -1 : 0;
      if (nesting > MAX_NESTING) throw formulaError(text, at, `more than ${MAX_NESTING} nested parentheses`);
      before = token;
    }
    at += token.text.length;
  }
  checkToken(text, text.length, before, undefined);
  return names;
}

function tokenAt(text: string, at: number): { kind: Kind; text: string } {
  for (const [kind, pattern] of tokens) {
    pattern.lastIndex = at;
    const match = pattern.exec(text);
    if (match) return { kind, text: match[0] };
  }
  const point = text.codePointAt(at)!;
  const code =
    point < 0x21 || point > 0x7e ? ` (U+${point.toString(16).toUpperCase().padStart(4, '0')})` : '';
  throw formulaError(text, at, `"${String.fromCodePoint(point)}"${code} has no place in a formula`);
}

function checkToken(
  text: string,
  at: number,
  before: { kind: Kind; text: string } | undefined,
  token: { kind: Kind; text: string } | undefined,
): void {
  const called = before?.kind === 'name' && isFunction(before.text);
  if (called && token?.kind !== 'open') {
    throw formulaError(text, at, `"${before.text}" is a function and needs its argument in parentheses`);
  }
  if (token?.kind === 'number' && !Number.isFinite(Number(token.text))) {
    throw formulaError(text, at, `${token.text} is too large a number`);
  }
  const endsValue = before && before.kind !== 'operator' && before.kind !== 'open' && !called;
  const starts = token && token.kind !== 'operator' && token.kind !== 'close';
  if (endsValue && starts) throw formulaError(text, at, 'an operator is missing (write products with *)');
}

function vetted(text: string, name: Name, variables: readonly string[]): Name {
  const names = [...variables, ...Object.keys(constants), ...functionNames];
  if (names.includes(name.text)) return name;
  const near = name.text.length > 1 ? closest(name.text, functionNames) : undefined;
  const hint = near ? ` (did you mean ${near}?)` : '';
  throw formulaError(
    text,
    name.at,
    `"${name.text}" is not known here${hint}; variables: ${variables.join(', ')}`,
  );
}

const isFunction = (name: string) => Object.hasOwn(functions, name);
