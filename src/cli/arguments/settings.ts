import type { Options } from 'yargs';
import { unknownName, usage } from '../../errors.ts';
import { parseJson } from '../../files/json.ts';
import { readRegularSync } from '../../files/regular.ts';

type Table = Readonly<Record<string, Options>>;
export type Settings = Record<string, unknown>;

/**
 * `LANGEVIN_LEARNING_RATE=0.01` sets --learning-rate. Variables for options that the command does not have
 * are ignored.
 */
export function fromEnvironment(options: Table, environment: NodeJS.ProcessEnv): Settings {
  const settings = Object.entries(options).flatMap(([name, { type }]) => {
    const variable = `LANGEVIN_${name.replaceAll('-', '_').toUpperCase()}`;
    const value = environment[variable];
    if (value === undefined || value === '') return [];
    return [[name, type === 'boolean' ? truth(value, variable) : value]];
  });
  return Object.fromEntries(settings);
}

function truth(value: string, variable: string): boolean {
  if (['1', 'true', 'yes'].includes(value)) return true;
  if (['0', 'false', 'no'].includes(value)) return false;
  throw usage('A variable has a wrong value', { where: variable, got: value, expected: 'true or false' });
}

/**
 * Reads options from a JSON object. The names are `learning-rate` or `learningRate`; an unknown name is an
 * error.
 */
export function readSettings(path: string, options: Table): Settings {
  const value = parseFile(path);
  if (typeof value !== 'object' || value === null || Array.isArray(value)) {
    throw usage('The file does not contain options', {
      where: path,
      expected: 'a JSON object such as {"steps": 2000}',
    });
  }
  return Object.fromEntries(
    Object.entries(value).map(([name, setting]) => {
      const kebab = name.replace(/[A-Z]/g, letter => `-${letter.toLowerCase()}`);
      if (!Object.hasOwn(options, kebab)) throw unknownName(`option in ${path}`, name, Object.keys(options));
      return [kebab, settingText(setting)];
    }),
  );
}

/** Lists and objects as they are written on the command line. */
function settingText(setting: unknown): unknown {
  if (Array.isArray(setting)) return setting.join(',');
  return typeof setting === 'object' && setting !== null ? JSON.stringify(setting) : setting;
}

/** The largest size of an options file in bytes. */
const LARGEST = 2 ** 20;

function parseFile(path: string): unknown {
  let content: string;
  try {
    content = readRegularSync(path, LARGEST);
  } catch (cause) {
    throw usage('The file of options cannot be read', { where: path, got: (cause as Error).message });
  }
  return parseJson(content, path, usage);
}
