import { readdirSync, readFileSync } from 'node:fs';
import { dirname, join, relative, resolve } from 'node:path';
import { describe, expect, it } from 'vitest';

/**
 * The stairs of the house, from the ground up. A file may import from its own room and from rooms on lower
 * stairs. `plugin` has the public functions for extensions. `schedules`, `sdes` and `solvers` are leaf rooms:
 * they import nothing else, just as an extension from outside.
 */
const STAIRS: readonly (readonly string[])[] = [
  ['errors'],
  ['math'],
  ['files'],
  ['tensor'],
  ['random', 'formula'],
  ['sde', 'quality'],
  ['data', 'score', 'report', 'weights', 'engine', 'measure'],
  ['solve'],
  ['chains', 'likelihood'],
  ['objectives', 'plugin'],
  ['schedules', 'sdes', 'solvers'],
  ['train', 'presets', 'diagnosis', 'guide'],
  ['registry'],
  ['run'],
  ['compare'],
  ['export'],
  ['doors', 'index', 'browser'],
  ['cli'],
];

/** Rooms inside a room, from the ground up. */
const ORDERED: readonly (readonly string[])[] = [
  ['src/engine/onnx/compile', 'src/engine/onnx/sessions', 'src/engine/onnx/lanes', 'src/engine/onnx/native'],
  ['src/engine/onnx/lanes', 'src/engine/onnx/web'],
  ['src/run/folder', 'src/run/use', 'src/run/train'],
  ['src/cli/terminal', 'src/cli/arguments', 'src/cli/work', 'src/cli/commands'],
];

const root = resolve(import.meta.dirname, '..');
const filesUnder = (folder: string): string[] =>
  readdirSync(join(root, folder), { recursive: true, encoding: 'utf8' })
    .filter(name => name.endsWith('.ts'))
    .map(name => join(folder, name));
const FILES = ['src', 'schedules', 'sdes', 'solvers'].flatMap(filesUnder);
const textOf = (file: string) => readFileSync(join(root, file), 'utf8');

interface Import {
  readonly from: string;
  readonly to: string;
  readonly typeOnly: boolean;
}

const IMPORT =
  /(?:^|\n)\s*(?:import|export)\s+(type\s)?[^;]*?from\s+'([^']+)'|import\('([^']+)'\)|\nimport '([^']+)'/g;
const imports: Import[] = FILES.flatMap(from =>
  [...textOf(from).matchAll(IMPORT)].map(match => {
    const target = (match[2] ?? match[3] ?? match[4])!;
    const to = target.startsWith('.') ? relative(root, resolve(root, dirname(from), target)) : target;
    return { from, to, typeOnly: match[1] !== undefined || match[3] !== undefined };
  }),
);

const room = (file: string): string => {
  const [top, second] = file.split('/');
  return top === 'src' ? second!.replace(/\.ts$/, '') : top!;
};
const stair = (name: string) => STAIRS.findIndex(rooms => rooms.includes(name));
const inside = imports.filter(({ to }) => FILES.includes(to));

describe('the house', () => {
  it('the test sees the imports that it checks', () => {
    expect(inside.length).toBeGreaterThan(FILES.length);
    expect(inside.filter(({ typeOnly }) => typeOnly).length).toBeGreaterThan(50);
  });

  it('has a stair for every room', () => {
    expect([...new Set(FILES.map(room))].filter(name => stair(name) < 0)).toEqual([]);
  });

  it('every import goes down', () => {
    const upward = inside
      .filter(({ from, to }) => room(from) !== room(to) && stair(room(to)) >= stair(room(from)))
      .map(({ from, to }) => `${from} -> ${to}`);
    expect(upward).toEqual([]);
  });

  it('leaf rooms import only the public functions for extensions', () => {
    const strays = inside.filter(
      ({ from, to }) =>
        ['schedules', 'sdes', 'solvers'].includes(room(from)) &&
        room(to) !== room(from) &&
        to !== 'src/plugin.ts',
    );
    expect(strays).toEqual([]);
  });

  it('plug-ins do not import one another', () => {
    const plugin = (file: string) =>
      /^(schedules|sdes|solvers)\/[^/]+\.ts$/.test(file) && !file.endsWith('/index.ts');
    expect(inside.filter(({ from, to }) => plugin(from) && plugin(to))).toEqual([]);
  });

  it('no files import each other in a circle, types included', () => {
    const graph = new Map<string, string[]>();
    for (const { from, to } of inside) graph.set(from, [...(graph.get(from) ?? []), to]);
    expect(cycleIn(graph)).toEqual([]);
  });

  it.each(ORDERED.map(order => [order.join(' < '), order] as const))('inside a room: %s', (_name, order) => {
    const place = (file: string) => order.findIndex(folder => file.startsWith(`${folder}/`));
    const upward = inside
      .filter(({ from, to }) => place(from) >= 0 && place(to) > place(from))
      .map(({ from, to }) => `${from} -> ${to}`);
    expect(upward).toEqual([]);
  });
});

describe('each library has one room', () => {
  const ONLY: Readonly<Record<string, RegExp>> = {
    '@tensorflow/': /^src\/tensor\//,
    yargs: /^src\/cli\//,
    'onnxruntime-': /^src\/engine\/onnx\/(lanes\/|web\/page)/,
    mathjs: /^src\/formula\//,
    vega: /^src\/report\//,
    '@resvg/': /^src\/report\//,
  };
  it.each(Object.entries(ONLY))('%s', (prefix, allowed) => {
    const strays = imports.filter(({ from, to }) => to.startsWith(prefix) && !allowed.test(from));
    expect(strays).toEqual([]);
  });
});

it('the command line starts with yargs alone: each command loads what it needs', () => {
  const seen = new Set<string>();
  const visit = (file: string): readonly Import[] => {
    if (seen.has(file)) return [];
    seen.add(file);
    const stated = imports.filter(({ from, typeOnly }) => from === file && !typeOnly);
    return [...stated, ...stated.flatMap(({ to }) => (FILES.includes(to) ? visit(to) : []))];
  };
  const libraries = visit('src/cli/main.ts')
    .map(({ to }) => to)
    .filter(to => !FILES.includes(to) && !to.startsWith('node:'));
  expect([...new Set(libraries)]).toEqual(['yargs']);
});

describe('the text', () => {
  it.each([
    ['draws no unkeyed randomness', /Math\.random\(/],
    ['keeps no work for later in comments', /\b(TODO|FIXME|XXX)\b/],
  ])('%s', (_what, pattern) => {
    expect(FILES.filter(file => pattern.test(textOf(file)))).toEqual([]);
  });
});

/** One cycle of a graph, or an empty list. */
function cycleIn(graph: ReadonlyMap<string, readonly string[]>): string[] {
  const done = new Set<string>();
  const visit = (node: string, path: readonly string[]): string[] => {
    if (path.includes(node)) return [...path.slice(path.indexOf(node)), node];
    if (done.has(node)) return [];
    for (const next of graph.get(node) ?? []) {
      const cycle = visit(next, [...path, node]);
      if (cycle.length > 0) return cycle;
    }
    done.add(node);
    return [];
  };
  for (const node of graph.keys()) {
    const cycle = visit(node, []);
    if (cycle.length > 0) return cycle;
  }
  return [];
}
