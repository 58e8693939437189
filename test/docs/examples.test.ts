import { mkdirSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { describe, expect, it } from 'vitest';
import { captured } from '../cli/captured.ts';
import { langevin, workplace } from '../cli/support.ts';
import { type Block, pages, root } from './pages.ts';

/**
 * Blocks with more than the language on their fence are executed, page by page from the top. They run in a
 * folder where the built package is installed as for a user. `js file=NAME` is written to that file. `js run`
 * is a module that prints what its `// =>` comments say, in their order. `sh run` contains commands that
 * succeed.
 */
const marked = ({ marks }: Block) => marks.length > 0;
const told = (text: string) => [...text.matchAll(/\/\/ => (.*)$/gm)].map(([, line]) => line!.trim());

function place(): string {
  const at = workplace();
  mkdirSync(join(at, 'node_modules'));
  symlinkSync(root, join(at, 'node_modules/langevin'), 'junction');
  return at;
}

async function runModule(at: string, { text, line }: Block): Promise<void> {
  const file = join(at, `line-${line}.mjs`);
  writeFileSync(file, text);
  const module = () => import(pathToFileURL(file).href).then(() => 0);
  const { stdout } = await captured(module, at);
  expect(stdout.trim().split('\n').filter(Boolean)).toEqual(told(text));
}

async function runCommands(at: string, text: string): Promise<void> {
  for (const line of text.split('\n').filter(Boolean)) {
    const words = line.replace(/\s+#.*$/, '').match(/"[^"]*"|\S+/g)!;
    const outcome = await langevin(
      at,
      words.slice(1).map(word => word.replaceAll('"', '')),
    );
    expect(outcome, line).toMatchObject({ code: 0 });
  }
}

const withExamples = pages.filter(({ blocks }) => blocks.some(marked));

describe.each(withExamples.map(page => [page.path, page] as const))('%s', (_path, { blocks }) => {
  const at = place();
  for (const block of blocks.filter(marked)) {
    const { language, marks, text, line } = block;
    const name = marks.find(mark => mark.startsWith('file='))?.slice(5);
    it(`line ${line}: ${language} ${marks.join(' ')}`, async () => {
      expect(name !== undefined || marks[0] === 'run').toBe(true);
      if (name !== undefined) writeFileSync(join(at, name), text);
      else if (language === 'js') await runModule(at, block);
      else if (language === 'sh') await runCommands(at, text);
      else expect.fail(`a block of ${language} cannot be run`);
    });
  }
});

it('there are examples, and they state their output', () => {
  const runnable = withExamples.flatMap(({ blocks }) => blocks.filter(marked));
  expect(runnable.length).toBeGreaterThan(8);
  expect(runnable.flatMap(({ text }) => told(text)).length).toBeGreaterThan(10);
});
