import type { z } from 'zod';
import { failure, type LangevinError, usage } from '../errors.ts';

/** Limits on the length of a text, the depth of its nesting, and the number of its values. */
export interface JsonLimits {
  /** Characters; default 64 Mi. */
  readonly length?: number;
  /** Brackets within brackets; default 64. */
  readonly depth?: number;
  /** Values and names; default 2²³. */
  readonly values?: number;
}

/** The details of a fault in a file. */
type Parts = { readonly where: string; readonly got: string | number; readonly expected?: string };

/**
 * Parses text as JSON, within limits, so that deep or long text cannot exhaust the stack or the memory.
 * Whatever is wrong is the fault of a file (`failure`), or of the user who named it (`usage`).
 */
export function parseJson(
  text: string,
  where: string,
  fault: (what: string, parts: Parts) => LangevinError = failure,
  limits: JsonLimits = {},
): unknown {
  checkLimits(text, limits, (what, got, most) => fault(what, { where, got, expected: `at most ${most}` }));
  try {
    return JSON.parse(text);
  } catch (cause) {
    throw fault('The file is not valid JSON', { where, got: (cause as Error).message });
  }
}

type Refuse = (what: string, got: number, most: number) => LangevinError;

const [QUOTE, BACKSLASH, COMMA, COLON] = [0x22, 0x5c, 0x2c, 0x3a];

/** One pass over the characters, without a stack: strings are skipped, brackets are counted. */
function checkLimits(
  text: string,
  { length = 2 ** 26, depth: deepest = 64, values: most = 2 ** 23 }: JsonLimits,
  refuse: Refuse,
): void {
  if (text.length > length) throw refuse('The JSON is too long', text.length, length);
  let [depth, values] = [0, 0];
  for (let at = 0; at < text.length; at++) {
    const code = text.charCodeAt(at);
    if (code === QUOTE) at = endOfText(text, at);
    else if (code === COMMA || code === COLON) values++;
    else if (isOpening(code)) [depth, values] = [depth + 1, values + 1];
    else if (isClosing(code)) depth--;
    if (depth > deepest) throw refuse('The JSON is nested too deep', depth, deepest);
    if (values > most) throw refuse('The JSON holds too many values', values, most);
  }
}

/** The position of the quote that ends a string; the end of the text if there is none. */
export function endOfText(text: string, begin: number): number {
  for (let at = begin + 1; at < text.length; at++) {
    const code = text.charCodeAt(at);
    if (code === BACKSLASH) at++;
    else if (code === QUOTE) return at;
  }
  return text.length;
}

const isOpening = (code: number) => code === 0x7b || code === 0x5b;
const isClosing = (code: number) => code === 0x7d || code === 0x5d;

/** A value checked against a schema. @throws usage `what`, naming the first fault and its place */
export function checked<T>(
  schema: z.ZodType<T>,
  value: unknown,
  what: string,
  parts: { readonly where: string; readonly expected?: string; readonly remedy?: string },
): T {
  const parsed = schema.safeParse(value);
  if (parsed.success) return parsed.data;
  const issue = parsed.error.issues[0]!;
  throw usage(what, { ...parts, got: `${issue.path.join('.') || 'the whole'}: ${issue.message}` });
}
