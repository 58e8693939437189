import { createRequire } from 'node:module';
import type { parse as parseCsv } from 'csv-parse/sync';
import { usage } from '../../errors.ts';
import { parseJson } from '../../files/json.ts';

/**
 * What yargs parsed, by the names `N` of options as they are written on the command line: no other name
 * compiles.
 */
export type Args<N extends string = never> = { readonly [name in N]: unknown };

/** The text of an option; undefined where it is not given. */
export function text<N extends string>(args: Args<N>, name: N): string | undefined {
  const value = args[name];
  if (value === undefined) return undefined;
  if (Array.isArray(value)) throw usage('The option is given more than once', { where: `--${name}` });
  if (typeof value === 'object' || value === '')
    throw usage('The option needs a value', { where: `--${name}` });
  return String(value);
}

export function required<N extends string>(args: Args<N>, name: N): string {
  const value = text(args, name);
  if (value === undefined) throw usage(`${name} is missing`);
  return value;
}

export const flag = <N extends string>(args: Args<N>, name: N): boolean => args[name] === true;

/** A finite number no less than `min`. */
export function real<N extends string>(args: Args<N>, name: N, min = -Infinity): number | undefined {
  const given = text(args, name);
  if (given === undefined) return undefined;
  const value = Number(given);
  if (given.trim() !== '' && Number.isFinite(value) && value >= min) return value;
  const expected = min === -Infinity ? 'a number' : `a number no less than ${min}`;
  throw usage('The option has a wrong value', { where: `--${name}`, got: given, expected });
}

export const positive = <N extends string>(args: Args<N>, name: N): number | undefined => {
  const value = real(args, name);
  if (value === undefined || value > 0) return value;
  throw usage('The option has a wrong value', {
    where: `--${name}`,
    got: value,
    expected: 'a number above 0',
  });
};

/** A whole number, 1 or more unless `min` says otherwise. */
export function whole<N extends string>(args: Args<N>, name: N, min = 1): number | undefined {
  const given = text(args, name);
  if (given === undefined) return undefined;
  const value = Number(given);
  if (given.trim() !== '' && Number.isSafeInteger(value) && value >= min) return value;
  throw usage('The option has a wrong value', {
    where: `--${name}`,
    got: given,
    expected: `a whole number, ${min} or more`,
  });
}

/** The parser of CSV, loaded by the first option that holds names: `--help` starts without it. */
const loadParser = (): typeof parseCsv => createRequire(import.meta.url)('csv-parse/sync').parse;

/** Names parted by commas, as a line of CSV: a name that has a comma itself stands in quotes. */
export function names<N extends string>(args: Args<N>, name: N): string[] | undefined {
  const given = text(args, name);
  if (given === undefined) return undefined;
  try {
    const records = loadParser()(given, { trim: true, relax_quotes: true, relax_column_count: true });
    return records.flat().filter(entry => entry !== '');
  } catch {
    throw usage('The option has a quote that does not end', {
      where: `--${name}`,
      got: given,
      expected: 'names parted by commas, as a line of CSV',
    });
  }
}

/**
 * Options of a plug-in: a JSON object, or `key=value` parted by commas. Values are JSON where they can be,
 * else text.
 */
export function pairs<N extends string>(args: Args<N>, name: N): Record<string, unknown> {
  const given = text(args, name)?.trim();
  if (given === undefined) return {};
  if (given.startsWith('{')) {
    const parsed = json(given);
    if (typeof parsed === 'object' && parsed !== null) return parsed as Record<string, unknown>;
    throw usage('The option is not valid JSON', { where: `--${name}`, got: given });
  }
  return Object.fromEntries(given.split(',').map(pair => keyValue(pair.trim(), name)));
}

function keyValue(pair: string, name: string): [string, unknown] {
  const at = pair.indexOf('=');
  if (at < 1) {
    throw usage('The option has a wrong form', {
      where: `--${name}`,
      got: pair,
      expected: 'key=value, parted by commas, or a JSON object',
    });
  }
  const value = pair.slice(at + 1).trim();
  return [pair.slice(0, at).trim(), json(value) ?? value];
}

function json(value: string): unknown {
  try {
    return parseJson(value, 'option');
  } catch {
    return undefined;
  }
}

/** Without the entries that are undefined: an option not given must not hide a default. */
export type Given<T> = { [K in keyof T]?: Exclude<T[K], undefined> };
export const given = <T extends object>(options: T): Given<T> =>
  Object.fromEntries(Object.entries(options).filter(([, value]) => value !== undefined)) as Given<T>;
