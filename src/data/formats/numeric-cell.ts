/** One field of a table: a number, or what is wrong with it. */
export type Cell =
  | { readonly kind: 'number'; readonly value: number }
  | { readonly kind: 'bad'; readonly what: string; readonly text: boolean; readonly got: string };

const NUMBER = /^[+-]?(\d+\.?\d*|\.\d+)(e[+-]?\d+)?$/i;
const MISSING = /^(|na|n\/a|#n\/a|null|none|nil|\?|-)$/i;
const WHOLE = /^[+-]?\d+\.?0*$/;
const NOT_FINITE = /^[+-]?(nan|inf|infinity)$/i;

/** The digits that tell a number from its neighbours: without sign, point, exponent, and zeros at the ends. */
const digitsOf = (text: string) =>
  text
    .replace(/e.*$/i, '')
    .replace(/[+.-]/g, '')
    .replace(/^0+|0+$/g, '');

/** Whether a whole number is written with digits that float64 does not keep. */
const isRounded = (text: string) =>
  text.length > 15 &&
  WHOLE.test(text) &&
  Math.abs(Number(text)) > Number.MAX_SAFE_INTEGER &&
  digitsOf(String(Number(text))) !== digitsOf(text);

/**
 * Reads a decimal number (`-1.5e3`); hexadecimal, thousands marks and units are text. Whole numbers that float64 would round are
 * refused: they are mostly identifiers, and two of them may become one.
 */
export function readCell(field: string): Cell {
  const got = field.trim();
  if (isRounded(got))
    return { kind: 'bad', what: 'a whole number beyond 2^53, which would be rounded', text: false, got };
  if (NUMBER.test(got) && Number.isFinite(Number(got))) return { kind: 'number', value: Number(got) };
  if (MISSING.test(got)) return { kind: 'bad', what: 'a missing value', text: false, got };
  if (NUMBER.test(got) || NOT_FINITE.test(got))
    return { kind: 'bad', what: 'not a finite number', text: false, got };
  return { kind: 'bad', what: 'text among numbers', text: true, got };
}
