import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { dirname, join, relative, resolve } from 'node:path';
import { describe, expect, it } from 'vitest';

/**
 * What a page loads. A file that needs Node has a twin, `NAME.browser.ts`, with the same exports. Bundlers
 * take the twin, as the field `browser` of package.json tells them.
 */
const root = resolve(import.meta.dirname, '../..');
const FILES = ['src', 'schedules', 'sdes', 'solvers'].flatMap(folder =>
  readdirSync(join(root, folder), { recursive: true, encoding: 'utf8' })
    .filter(name => name.endsWith('.ts'))
    .map(name => join(folder, name)),
);
/** The code of a file, without its comments and messages, which may name imports too. */
const textOf = (file: string) =>
  readFileSync(join(root, file), 'utf8')
    .replace(/\/\*[\s\S]*?\*\//g, '')
    .replace(/"[^"\n]*"/g, '""');
const twinOf = (file: string) => file.replace(/(\.browser)?\.ts$/, '.browser.ts');
const twins = FILES.filter(file => file.endsWith('.browser.ts'));

const IMPORT =
  /(?:^|\n)\s*(?:import|export)\s+(type\s)?(?:\{([^}]*)\}|[^;{]*?)\s*from\s+'([^']+)'|import\('([^']+)'\)|(?:^|\n)import '([^']+)'/g;

interface Import {
  readonly from: string;
  readonly to: string;
  /** The names of values, where they are listed. */
  readonly names: readonly string[];
}

const nameOf = (entry: string) => entry.trim().split(/\s+as\s+/)[0]!;

function importsOf(from: string): Import[] {
  return [...textOf(from).matchAll(IMPORT)]
    .filter(([, type]) => type === undefined)
    .map(([, , names = '', plain, lazy, bare]) => {
      const target = (plain ?? lazy ?? bare)!;
      const to = target.startsWith('.') ? relative(root, resolve(root, dirname(from), target)) : target;
      const values = names.split(',').filter(name => name.trim() && !/^\s*type\s/.test(name));
      return { from, to, names: values.map(nameOf) };
    });
}

/** Every import of a page that begins with a file, twins taken. */
function reach(first: string): Import[] {
  const seen = new Set([first]);
  const queue = [first];
  const all: Import[] = [];
  for (let file = queue.shift(); file !== undefined; file = queue.shift())
    for (const each of importsOf(file)) {
      const to =
        FILES.includes(each.to) && existsSync(join(root, twinOf(each.to))) ? twinOf(each.to) : each.to;
      all.push({ ...each, to });
      if (!FILES.includes(to) || seen.has(to)) continue;
      seen.add(to);
      queue.push(to);
    }
  return all;
}

const page = reach('src/browser.ts');
const files = [...new Set(page.map(({ from }) => from))];

it('is read: the door leads to every room that samples and trains', () => {
  const rooms = new Set(files.map(file => file.split('/')[1]));
  for (const room of ['tensor', 'random', 'engine', 'solve', 'likelihood', 'run', 'data', 'quality'])
    expect(rooms).toContain(room);
});

describe('a page', () => {
  it('imports nothing of Node, by room', () => {
    const strays = page
      .filter(({ to }) => to.startsWith('node:'))
      .map(({ from, to }) => `${from.split('/')[1]}: ${from} -> ${to}`);
    expect(strays).toEqual([]);
  });

  it('imports few libraries', () => {
    const libraries = page
      .map(({ to }) => to.replace(/(tfjs-core)\/.*/, '$1'))
      .filter(to => !FILES.includes(to));
    expect([...new Set(libraries)].sort()).toEqual([
      '@tensorflow/tfjs-core',
      'csv-parse/browser/esm/sync',
      'fflate',
      'mathjs/number',
      'onnxruntime-web/wasm',
      'zod',
    ]);
  });

  it('finds in each twin the names that it imports', () => {
    const missing = page.flatMap(({ from, to, names }) =>
      to.endsWith('.browser.ts')
        ? names
            .filter(
              name =>
                !new RegExp(`(?:\\b(?:function\\*?|const|as|type)|[{,])\\s+${name}\\b`).test(textOf(to)),
            )
            .map(name => `${from}: ${name} of ${to}`)
        : [],
    );
    expect(missing).toEqual([]);
  });
});

it('the field "browser" of package.json names each twin', () => {
  const { browser } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')) as {
    browser: Record<string, string>;
  };
  const built = (file: string) => `./dist/${file.replace(/\.ts$/, '.js')}`;
  const expected = twins.map(twin => [built(twin.replace('.browser.ts', '.ts')), built(twin)]);
  expect(browser).toEqual(Object.fromEntries(expected));
  for (const twin of twins) expect(FILES).toContain(twin.replace('.browser.ts', '.ts'));
});
