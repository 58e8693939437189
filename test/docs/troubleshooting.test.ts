import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { pages, root } from './pages.ts';

const page = pages.find(({ path }) => path === 'docs/troubleshooting.md')!;

/** The messages in the page: in bold and in backquotes, with … for the variable parts. */
const messages = [...page.prose.matchAll(/\*\*`([^`]+)`\*\*/g)].map(([, text]) => text!.replace(/\s+/g, ' '));

const sources = ['src', 'solvers', 'schedules', 'sdes'].flatMap(folder =>
  readdirSync(join(root, folder), { recursive: true, encoding: 'utf8' })
    .filter(name => name.endsWith('.ts'))
    .map(name => readFileSync(join(root, folder, name), 'utf8')),
);

/**
 * Whether a string in the source has this text, with `${…}` or anything else in the place of …; for unknown
 * names, whether it has the kind.
 */
function isSaid(message: string): boolean {
  const kind = /^Unknown (\w+) "…"$/.exec(message)?.[1];
  if (kind && sources.some(source => source.includes(`unknownName('${kind}'`))) return true;
  const parts = message.split('…').map(part => part.replace(/[.*+?^${}()|[\]\\]/g, '\\$&'));
  const text = new RegExp(parts.join('[^\\n]*?'));
  return sources.some(source => text.test(source));
}

it('docs/troubleshooting.md lists messages that exist in the code', () => {
  expect(messages.filter(message => !isSaid(message))).toEqual([]);
  expect(messages.length).toBeGreaterThan(60);
});

it('a message that is not in the code is detected', () => {
  expect(isSaid('The engine "…" is on strike')).toBe(false);
});
