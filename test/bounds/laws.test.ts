import { readdirSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { describe, expect, test } from 'vitest';

const root = resolve(import.meta.dirname, '../..');
const SOURCES = ['src', 'schedules', 'sdes', 'solvers'].flatMap(folder =>
  readdirSync(join(root, folder), { recursive: true, encoding: 'utf8' })
    .filter(name => /\.m?ts$/.test(name))
    .map(name => join(folder, name)),
);
/** The code of a file without its comments. */
const codeOf = (file: string) =>
  readFileSync(join(root, file), 'utf8')
    .replace(/\/\*[\s\S]*?\*\//g, '')
    .replace(/^\s*\/\/.*$/gm, '');

/** The arguments of a call that begin after its parenthesis at `begin`. */
function argumentsAt(code: string, begin: number): string[] {
  const parts = [''];
  let depth = 0;
  for (let at = begin; depth >= 0 && at < code.length; at++) {
    const letter = code[at]!;
    if ('([{'.includes(letter)) depth++;
    if (')]}'.includes(letter)) depth--;
    if (letter === ',' && depth === 0) parts.push('');
    else if (depth >= 0) parts[parts.length - 1] += letter;
  }
  return parts.map(part => part.trim()).filter(part => part !== '');
}

/** The source files that contain a pattern, except those that may. */
const places = (pattern: RegExp, but: readonly string[] = []) =>
  SOURCES.filter(file => !but.includes(file)).filter(file => pattern.test(codeOf(file)));

describe('memory, time and waiting are bounded in one way each', () => {
  test('the sources are read', () => {
    expect(SOURCES.length).toBeGreaterThan(300);
    expect(argumentsAt('f(a, [b, c], (d, e) => d)', 2)).toEqual(['a', '[b, c]', '(d, e) => d']);
  });

  test('no typed array is made from a list by a function, which would first hold all values as JavaScript numbers', () => {
    const found = SOURCES.flatMap(file => {
      const code = codeOf(file);
      return [...code.matchAll(/\b\w*(?:Float|Int|Uint)\d+(?:Clamped)?Array\.from\(/g)]
        .map(match => argumentsAt(code, match.index + match[0].length))
        .filter(([source, f]) => f !== undefined && !/^\{\s*length/.test(source!))
        .map(args => `${file}: ${args.join(', ')}`);
    });
    expect(found).toEqual([]);
  });

  test('data are never spread into arguments, whose number would grow with them', () => {
    expect(
      places(/Math\.(?:max|min)\(\.\.\.(?:values|terms|data)\)|\.data\)\)|push\(\.\.\.\w+\(.*data/),
    ).toEqual([]);
  });

  test('files of others are opened by functions that accept only regular files', () => {
    const opening =
      /import \{[^}]*\b(?:readFile|readFileSync|createReadStream|openSync)\b[^}]*\} from 'node:fs/;
    // Exceptions: the own package, downloads that were checked, and temporary files that were just made.
    const own = ['files/version', 'files/regular', 'data/download/fetch-file', 'data/formats/images/spool'];
    expect(
      places(
        opening,
        own.map(file => `src/${file}.ts`),
      ),
    ).toEqual([]);
  });

  test('JSON is parsed within limits', () => {
    // Exceptions: JSON that JSON.stringify or this package wrote itself.
    const own = ['files/json', 'files/version', 'files/safetensors-header'];
    expect(
      places(
        /JSON\.parse\(/,
        own.map(file => `src/${file}.ts`),
      ),
    ).toEqual([]);
  });

  test('durations come from a clock that nobody can set', () => {
    // The dates of files come from the other clock.
    expect(places(/\bDate\.now\b/, ['src/files/temporary.ts'])).toEqual([]);
  });
});
