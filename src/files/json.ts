import type { z } from 'zod';
import { failure, type LangevinError, usage } from '../errors.ts';

/** Text as JSON; what is wrong with it is the fault of a file (`failure`), or of the user who named it (`usage`). */
export function parseJson(
  text: string,
  where: string,
  fault: (what: string, parts: { where: string; got: string }) => LangevinError = failure,
): unknown {
  try {
    return JSON.parse(text);
  } catch (cause) {
    throw fault('The file is not valid JSON', { where, got: (cause as Error).message });
  }
}

/** A value of a schema. @throws usage `what`, with the first thing wrong named at its place */
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
