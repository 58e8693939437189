import { expect, test } from 'vitest';
import { fittedCategory, inOrder } from '../../../src/data/columns/category.ts';
import { codesOf } from '../../../src/data/columns/names.ts';

test('names that are numbers of one unit are in the order of their numbers', () => {
  expect(inOrder(['0 %', '10 %', '15 %', '5 %'])).toEqual(['0 %', '5 %', '10 %', '15 %']);
  expect(inOrder(['$10', '$5'])).toEqual(['$5', '$10']);
  expect(inOrder(['10 kg', '5 lb'])).toEqual(['10 kg', '5 lb']);
});

test('a number without its unit means the name that has it', () => {
  const kind = fittedCategory(new Map(['0%', '5%', '10%'].map(name => [name, 9])));
  expect(['5', '5.0', '5%', '10', '7'].map(codesOf(kind))).toEqual([1, 1, 1, 2, undefined]);
});
