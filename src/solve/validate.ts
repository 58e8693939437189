import { usage } from '../errors.ts';
import type { Solver } from './contract.ts';

/** Whether a value has a member that only solvers have. Without `step` it is a faulty solver, not a name. */
export const looksLikeSolver = (value: object): value is Solver =>
  ['step', 'noise', 'evaluationsPerStep'].some(part => part in value);

const parts: Readonly<
  Record<keyof Solver, { readonly fits: (value: unknown) => boolean; readonly expected: string }>
> = {
  name: { fits: v => typeof v === 'string' && v !== '', expected: 'a name' },
  order: {
    fits: v => Number.isFinite(v) && (v as number) >= 0,
    expected: 'its order of convergence, a number from 0',
  },
  noise: {
    fits: v => v === 'none' || v === 'brownian' || v === 'fresh',
    expected: '"none", "brownian" or "fresh"',
  },
  evaluationsPerStep: {
    fits: v => Number.isFinite(v) && (v as number) >= 0,
    expected: 'the number of network evaluations in a step',
  },
  evaluationsBefore: {
    fits: v => v === undefined || (Number.isFinite(v) && (v as number) >= 0),
    expected: 'the number of network evaluations in init, or nothing',
  },
  grid: {
    fits: v => v === undefined || typeof v === 'string',
    expected: 'the name of a time grid, or nothing',
  },
  adaptive: { fits: isOptionalFlag, expected: 'true, false or nothing' },
  corrects: { fits: isOptionalFlag, expected: 'true, false or nothing' },
  refuses: { fits: isOptionalFunction, expected: 'a function of an SDE, or nothing' },
  init: { fits: isOptionalFunction, expected: 'a function (problem, x, t) => state, or nothing' },
  step: {
    fits: v => typeof v === 'function',
    expected: 'a function ({ problem, x, t, s, path, ... }) => { x, ... }',
  },
};

function isOptionalFlag(value: unknown): boolean {
  return value === undefined || typeof value === 'boolean';
}

function isOptionalFunction(value: unknown): boolean {
  return value === undefined || typeof value === 'function';
}

/**
 * Checks that a value satisfies the contract of solvers, since a user's file can contain anything. @throws
 * usage that names the faulty member
 */
export function requireSolver(value: unknown, where = 'solver'): Solver {
  if (typeof value !== 'object' || value === null) {
    throw usage('this is not a solver', {
      where,
      got: value,
      expected: 'an object with name, order, noise, step, ...',
    });
  }
  for (const [part, { fits, expected }] of Object.entries(parts)) {
    const member = (value as Record<string, unknown>)[part];
    if (!fits(member))
      throw usage(`the solver's "${part}" does not fit the contract`, {
        where,
        got: String(member),
        expected,
      });
  }
  return value as Solver;
}
