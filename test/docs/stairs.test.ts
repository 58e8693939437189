import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { pages, root } from './pages.ts';

/** The stairs as `test/architecture.test.ts` enforces them, from the ground up. */
function enforced(): string[][] {
  const text = readFileSync(join(root, 'test/architecture.test.ts'), 'utf8');
  const table = /const STAIRS[^=]*= \[([\s\S]*?)\n\];/.exec(text)![1]!;
  return [...table.matchAll(/\[([^\]]*)\]/g)].map(([, rooms]) => names(rooms!.replace(/'/g, ''), /,/));
}

const names = (text: string, by: RegExp) =>
  text
    .split(by)
    .map(name => name.trim())
    .filter(Boolean)
    .sort();

it('docs/architecture.md draws the stairs that are enforced, numbered from the ground', () => {
  const page = pages.find(({ path }) => path === 'docs/architecture.md')!;
  const drawn = page.blocks
    .find(({ language }) => language === 'stairs')!
    .text.trimEnd()
    .split('\n');
  const steps = drawn.map(line => /^ ?(\d+) {2}(.*)$/.exec(line)!).reverse();
  expect(steps.map(([, number]) => Number(number))).toEqual(drawn.map((_, i) => i + 1));
  expect(steps.map(([, , rooms]) => names(rooms!, / {2}/))).toEqual(enforced());
});

it('docs/architecture.md describes the contents of every room', () => {
  const page = pages.find(({ path }) => path === 'docs/architecture.md')!;
  const told = [...page.prose.matchAll(/^\| ([\w, ]+) \|/gm)].flatMap(([, rooms]) => names(rooms!, /,/));
  expect(
    enforced()
      .flat()
      .filter(name => !told.includes(name)),
  ).toEqual([]);
});
