import { expect, it } from 'vitest';
import { learnedPace } from '../../src/solve/pace.ts';

/** The steps of `count` calls, with `each` ms per step and `start` more ms for the first call. */
function calls(count: number, each: number, start = 0): number[] {
  const pace = learnedPace();
  return Array.from({ length: count }, (_, i) => {
    const steps = pace.steps();
    pace.took(steps, steps * each + (i === 0 ? start : 0));
    return steps;
  });
}

it('reaches calls of 50 ms, with few or many steps', () => {
  expect(calls(5, 0.1)).toEqual([8, 64, 500, 500, 500]);
  expect(calls(4, 20)).toEqual([8, 3, 3, 3]);
  expect(calls(3, 700)).toEqual([8, 1, 1]);
});

it('recovers from a first call that compiles', () => {
  expect(calls(6, 0.1, 2000)).toEqual([8, 1, 8, 64, 500, 500]);
});

it('treats a clock that does not advance as a fast machine', () => {
  expect(calls(3, 0)).toEqual([8, 64, 512]);
});

it('goes on from what the last solve with the same program learned', () => {
  const memory = {};
  const first = learnedPace(memory);
  first.took(8, 8 * 0.1);
  first.took(64, 64 * 0.1);
  expect(learnedPace(memory).steps()).toBe(500);
  expect(learnedPace().steps()).toBe(8);
});
