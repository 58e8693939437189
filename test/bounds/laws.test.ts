import { readdirSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { describe, expect, test } from 'vitest';

const root = resolve(import.meta.dirname, '../..');
const SOURCES = ['src', 'schedules', 'sdes', 'solvers'].flatMap(folder =>
  readdirSync(join(root, folder), { recursive: true, encoding: 'utf8' })
    .filter(name => /\.m?ts$/.test(name))
    .map(name => join(folder, name)),
);
/** Code alone: comments may speak of anything. */
const codeOf = (file: string) =>
  readFileSync(join(root, file), 'utf8')
    .replace(/\/\*[\s\S]*?\*\//g, '')
    .replace(/^\s*\/\/.*$/gm, '');

/** The arguments of a call, from behind its parenthesis on. */
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

/** Where a pattern stands in the sources, but for the files that may. */
const places = (pattern: RegExp, but: readonly string[] = []) =>
  SOURCES.filter(file => !but.includes(file)).filter(file => pattern.test(codeOf(file)));

describe('what bounds memory, time and waiting is done in one way', () => {
  test('the sources are read', () => {
    expect(SOURCES.length).toBeGreaterThan(300);
    expect(argumentsAt('f(a, [b, c], (d, e) => d)', 2)).toEqual(['a', '[b, c]', '(d, e) => d']);
  });

  test('no typed array is made from a list by a function: its values would all be JavaScript’s first', () => {
    const found = SOURCES.flatMap(file => {
      const code = codeOf(file);
      return [...code.matchAll(/\b\w*(?:Float|Int|Uint)\d+(?:Clamped)?Array\.from\(/g)]
        .map(match => argumentsAt(code, match.index + match[0].length))
        .filter(([source, f]) => f !== undefined && !/^\{\s*length/.test(source!))
        .map(args => `${file}: ${args.join(', ')}`);
    });
    expect(found).toEqual([]);
  });

  test('data are never spread into arguments that grow with them', () => {
    expect(
      places(/Math\.(?:max|min)\(\.\.\.(?:values|terms|data)\)|\.data\)\)|push\(\.\.\.\w+\(.*data/),
    ).toEqual([]);
  });

  test('strangers’ files are opened where only regular ones are', () => {
    const opening =
      /import \{[^}]*\b(?:readFile|readFileSync|createReadStream|openSync)\b[^}]*\} from 'node:fs/;
    // Its own package, what it fetched and checks, and the temporary file it has just made.
    const own = ['files/version', 'files/regular', 'data/download/fetch-file', 'data/formats/images/spool'];
    expect(
      places(
        opening,
        own.map(file => `src/${file}.ts`),
      ),
    ).toEqual([]);
  });

  test('JSON is parsed within limits', () => {
    // What JSON.stringify or this package wrote itself is not a stranger's.
    const own = ['files/json', 'files/version', 'files/safetensors-header'];
    expect(
      places(
        /JSON\.parse\(/,
        own.map(file => `src/${file}.ts`),
      ),
    ).toEqual([]);
  });

  test('durations are of a clock that nobody sets', () => {
    // The dates of files are of the other.
    expect(places(/\bDate\.now\b/, ['src/files/temporary.ts'])).toEqual([]);
  });
});
