import { createRequire } from 'node:module';
import type { parse as parseCsv } from 'csv-parse/sync';
import { usage } from '../../errors.ts';
import { parseJson } from '../../files/json.ts';

/**
 * The arguments that yargs parsed, by the names `N` of their options on the command line. Any other name does
 * not compile.
 */
export type Args<N extends string = never> = { readonly [name in N]: unknown };

/** The text of an option; undefined if the option is not set. */
export function text<N extends string>(args: Args<N>, name: N): string | undefined {
  const value = args[name];
  if (value === undefined) return undefined;
  if (Array.isArray(value))
    throw usage('The option is given more than once', {
      where: `--${name}`,
      remedy: 'Write it once. Where it takes several values, commas separate them',
    });
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

/** A finite number that is at least `min`. */
export function real<N extends string>(args: Args<N>, name: N, min = -Infinity): number | undefined {
  const input = text(args, name);
  if (input === undefined) return undefined;
  const value = Number(input);
  if (input.trim() !== '' && Number.isFinite(value) && value >= min) return value;
  const expected = min === -Infinity ? 'a number' : `a number no less than ${min}`;
  throw usage('The option has a wrong value', { where: `--${name}`, got: input, expected });
}

/** Two numbers of a range such as 0.2..0.8, the lesser first. */
export function ends<N extends string>(args: Args<N>, name: N): readonly [number, number] | undefined {
  const input = text(args, name);
  if (input === undefined) return undefined;
  const [from = Number.NaN, to = Number.NaN, ...more] = input
    .split('..')
    .map(part => Number(part || Number.NaN));
  if (from < to && more.length === 0) return [from, to];
  throw usage('The option has a wrong value', {
    where: `--${name}`,
    got: input,
    expected: 'two numbers, the lesser first, such as 0.2..0.8',
  });
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

/** A whole number that is at least `min`. */
export function whole<N extends string>(args: Args<N>, name: N, min = 1): number | undefined {
  const input = text(args, name);
  if (input === undefined) return undefined;
  const value = Number(input);
  if (input.trim() !== '' && Number.isSafeInteger(value) && value >= min) return value;
  throw usage('The option has a wrong value', {
    where: `--${name}`,
    got: input,
    expected: `a whole number, ${min} or more`,
  });
}

/** The CSV parser. It is loaded by the first option that contains names, so `--help` starts without it. */
const loadParser = (): typeof parseCsv => createRequire(import.meta.url)('csv-parse/sync').parse;

/** Names separated by commas, as a line of CSV. A name with a comma is put in quotes. */
export function names<N extends string>(args: Args<N>, name: N): string[] | undefined {
  const input = text(args, name);
  if (input === undefined) return undefined;
  try {
    const records = loadParser()(input, { trim: true, relax_quotes: true, relax_column_count: true });
    return records.flat().filter(entry => entry !== '');
  } catch {
    throw usage('The option has a quote that does not end', {
      where: `--${name}`,
      got: input,
      expected: 'names separated by commas, as a line of CSV',
    });
  }
}

/**
 * Options of a plug-in: a JSON object, or `key=value` separated by commas. A value that is not valid JSON is
 * text.
 */
export function pairs<N extends string>(args: Args<N>, name: N): Record<string, unknown> {
  const input = text(args, name)?.trim();
  if (input === undefined) return {};
  if (input.startsWith('{')) {
    const parsed = json(input);
    if (typeof parsed === 'object' && parsed !== null) return parsed as Record<string, unknown>;
    throw usage('The option is not valid JSON', { where: `--${name}`, got: input });
  }
  return Object.fromEntries(input.split(',').map(pair => keyValue(pair.trim(), name)));
}

function keyValue(pair: string, name: string): [string, unknown] {
  const at = pair.indexOf('=');
  if (at < 1) {
    throw usage('The option has a wrong form', {
      where: `--${name}`,
      got: pair,
      expected: 'key=value, separated by commas, or a JSON object',
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

/** The options without those that are undefined, since an unset option must not hide a default. */
export type Given<T> = { [K in keyof T]?: Exclude<T[K], undefined> };
export const given = <T extends object>(options: T): Given<T> =>
  Object.fromEntries(Object.entries(options).filter(([, value]) => value !== undefined)) as Given<T>;
