/** One field of a table: a number, or what is wrong with it. */
export type Cell =
  | { readonly kind: 'number'; readonly value: number }
  | { readonly kind: 'bad'; readonly what: string; readonly text: boolean; readonly got: string };

const NUMBER = /^[+-]?(\d+\.?\d*|\.\d+)(e[+-]?\d+)?$/i;
const MISSING = /^(|na|n\/a|#n\/a|null|none|nil|\?|-)$/i;
const WHOLE = /^[+-]?\d+\.?0*$/;
const NOT_FINITE = /^[+-]?(nan|inf|infinity)$/i;

/** Reads a decimal number (`-1.5e3`); whole numbers that float64 would round are refused, and hexadecimal, thousands marks and units are text. */
export function readCell(field: string): Cell {
  const got = field.trim();
  if (WHOLE.test(got) && Math.abs(Number(got)) > Number.MAX_SAFE_INTEGER)
    return { kind: 'bad', what: 'a whole number beyond 2^53, which would be rounded', text: false, got };
  if (NUMBER.test(got) && Number.isFinite(Number(got))) return { kind: 'number', value: Number(got) };
  if (MISSING.test(got)) return { kind: 'bad', what: 'a missing value', text: false, got };
  if (NUMBER.test(got) || NOT_FINITE.test(got))
    return { kind: 'bad', what: 'not a finite number', text: false, got };
  return { kind: 'bad', what: 'text among numbers', text: true, got };
}
