import { dirname, join, normalize } from 'node:path';
import { describe, expect, it } from 'vitest';
import { anchorsOf, isThere, pages, quoted } from './pages.ts';

/** Links within the repository: `[text](target)` and `![text](target)`. */
const linksOf = (prose: string) =>
  [...prose.matchAll(/\]\(([^)\s]+)\)/g)].map(([, target]) => target!).filter(t => !/^[a-z]+:/.test(t));

describe.each(pages.map(page => [page.path, page] as const))('%s', (path, page) => {
  it('links to files and headings that exist', () => {
    const broken = linksOf(page.prose).filter(target => {
      const [file, anchor] = target.split('#') as [string, string?];
      const there = file === '' ? path : normalize(join(dirname(path), file));
      return !isThere(there) || (anchor !== undefined && !anchorsOf(there).includes(anchor));
    });
    expect(broken).toEqual([]);
  });

  it('contains no merge conflict markers', () => {
    expect(page.text.match(/^(<{7}|>{7}) .*$/gm)).toBeNull();
  });

  it('names files that exist', () => {
    const named = quoted(page).filter(code =>
      /^(src|test|docs|solvers|schedules|examples|bench|scripts)\/[\w./-]+\.(ts|mjs|md|sh)$/.test(code),
    );
    expect(named.filter(file => !isThere(file))).toEqual([]);
  });
});

it('the pages link to one another, so that a broken link would be found', () => {
  expect(pages.flatMap(({ prose }) => linksOf(prose)).length).toBeGreaterThan(10);
});
