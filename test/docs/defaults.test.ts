import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { trainingDefaults } from '../../src/run/folder/config.ts';
import { root } from './exports.ts';

/** The files of rooms whose plug-ins declare their options as `const defaults = { … }`. */
const plugins = ['schedules', 'sdes', 'solvers', 'solvers/frames']
  .flatMap(room => readdirSync(join(root, room)).map(name => `${room}/${name}`))
  .filter(file => file.endsWith('.ts'))
  .map(file => [file, readFileSync(join(root, file), 'utf8')] as const)
  .filter(([, text]) => text.includes('Options<typeof defaults>'));

/**
 * The members of an object literal, or the keys of a schema: the comment before each, its name, and the text
 * after the colon.
 */
const membersOf = (block: string) =>
  [...block.matchAll(/(?:\/\*\*((?:(?!\*\/)[\s\S])*)\*\/\s*)?^ +(\w+): (.+),$/gm)].map(
    ([, comment = '', name, value]) => ({ comment: comment.replace(/\s*\n\s*\* ?/g, ' '), name, value }),
  );

describe.each(plugins)('%s', (_, text) => {
  const block = /^const defaults = (\{[\s\S]*?\n?\});/m.exec(text)![1]!;

  it('has members, and the comment of each ends with its default', () => {
    const members = membersOf(block);
    expect(members.length).toBeGreaterThan(0);
    const unsaid = members.filter(({ comment, value }) => !comment.trim().endsWith(` Default ${value}.`));
    expect(unsaid).toEqual([]);
  });
});

/** The default that a comment states: a number, or a word in backquotes. */
const statedDefault = (comment: string): string | number | undefined => {
  const [, word, number] = /[Dd]efault (?:`(\w+)`|([\d.,e-]*\d))/.exec(comment) ?? [];
  return word ?? (number === undefined ? undefined : Number(number.replaceAll(',', '')));
};

it('the comments on settings of training state `trainingDefaults`', () => {
  const schema = readFileSync(join(root, 'src/run/folder/schema/training.ts'), 'utf8');
  const block = /^export const trainingSchema = z\.strictObject\(\{\n([\s\S]*?)^\}\)/m.exec(schema)![1]!;
  const stated = membersOf(block).map(({ name, comment }) => [name, statedDefault(comment)]);
  expect(Object.fromEntries(stated)).toEqual(trainingDefaults);
});
