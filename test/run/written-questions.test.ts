import { expect, test } from 'vitest';
import { parseGiven } from '../../src/measure/text/parse.ts';
import type { ModelConfig } from '../../src/run/folder/config.ts';
import { spaceOf } from '../../src/run/use/given/question.ts';

/** A table whose file has units, words for yes and no, names, and a class of rare names. */
const config = {
  data: {
    shape: [4],
    columns: ['weight', 'active', 'city', 'kind'],
    kinds: [
      { kind: 'number' },
      { kind: 'yes-no', names: ['false', 'TRUE'] },
      { kind: 'category', names: ['Paris', 'Rome'], counts: [5, 5] },
      { kind: 'category', names: ['a', 'b', 'other'], counts: [5, 5, 5], other: true },
    ],
    layout: [{ name: 'weight', role: 'modelled', index: 0, style: { suffix: ' kg', decimals: 1 } }],
  },
} as unknown as ModelConfig;
const ask = (text: string) => parseGiven(text, spaceOf(config).columns!);

test.each([
  ['weight=70.5 kg', { kind: 'value', column: 0, value: 70.5 }],
  ['weight=70.5kg', { kind: 'value', column: 0, value: 70.5 }],
  ['weight=70.5', { kind: 'value', column: 0, value: 70.5 }],
  ['weight>70 kg', { kind: 'range', low: 70 }],
  ['active=yes', { kind: 'word', column: 1, word: 1 }],
  ['active=0', { kind: 'word', column: 1, word: 0 }],
  ['city=paris', { kind: 'word', column: 2, word: 0 }],
  ['kind=other', { kind: 'word', column: 3, word: 2 }],
])('a question may be written as the file is: %s', async (text, clause) => {
  expect(await ask(text)).toMatchObject([clause]);
});

test('an unknown name is none of the rare ones', async () => {
  await expect(ask('kind=c')).rejects.toThrow(/"kind" has no word "c"/);
  await expect(ask('city=Parys')).rejects.toThrow(/did you mean Paris/);
});
