import { requireText, usage } from '../errors.ts';
import { parseJson } from '../files/index.ts';
import type { GridName } from '../registry/grids.ts';
import { makeSolver, type SolverSpec } from '../registry/solvers.ts';
import type { Tolerances } from '../solve/adaptive.ts';
import type { Solver } from '../solve/contract.ts';
import { grids } from '../solve/grids.ts';

/** A solver with its grid. */
export interface Contestant {
  /** Its text: `dpm-solver++:order=3@optimised`. */
  readonly name: string;
  /** The solver itself. */
  readonly solver: Solver;
  /** A name in `grids`, or `optimised`: a grid made for the model, the solver and the number of steps. */
  readonly grid: GridName | 'optimised';
}

/**
 * Reads `name`, `name@grid` or `name:option=value;option=value@grid`. The default grid is the one that the
 * solver declares.
 * @throws usage for unknown names and for a text of another form
 */
export function contestant(text: string): Contestant {
  requireText('solver with its grid', text);
  const parts = /^([^:@]+)(?::([^@]*))?(?:@([^@]+))?$/.exec(text.trim());
  if (!parts) {
    throw usage('This is not a solver with a grid', {
      got: text,
      expected: 'name:option=value;option=value@grid',
    });
  }
  const [, name, options = '', grid] = parts;
  const solverOptions = Object.fromEntries(options.split(';').filter(Boolean).map(option));
  if (grid !== undefined && grid !== 'optimised' && !Object.hasOwn(grids, grid)) {
    throw usage(`Unknown grid "${grid}"`, {
      where: text,
      expected: [...Object.keys(grids), 'optimised'].join(', '),
    });
  }
  const solver = makeSolver({ ...solverOptions, name: name! } as SolverSpec);
  return Object.freeze({
    name: text.trim(),
    solver,
    grid: (grid ?? solver.grid ?? 'uniform') as Contestant['grid'],
  });
}

function option(text: string): [string, unknown] {
  const at = text.indexOf('=');
  const value = text.slice(at + 1);
  try {
    return [text.slice(0, at), parseJson(value, text)];
  } catch {
    return [text.slice(0, at), value];
  }
}

/** One way to run a contestant: with a number of steps, or with adaptive steps and tolerances. */
export type Effort = { readonly steps: number } | { readonly tolerances: Tolerances };

/** The tolerances of adaptive solvers, which have no budgets. */
const ladder = [1e-1, 1e-2, 1e-3, 1e-4, 1e-5];

/**
 * The efforts whose evaluations are just below each budget. `overhead` is the number of evaluations of a run
 * outside its steps.
 */
export function efforts({ solver }: Contestant, budgets: readonly number[], overhead: number): Effort[] {
  if (solver.adaptive) {
    const highest = solver.noise === 'none' ? 1e-6 : 1e-4;
    return ladder.filter(e => e > highest).map(e => ({ tolerances: { rtol: e, atol: e } }));
  }
  const steps = budgets.map(budget => Math.floor((budget - overhead) / solver.evaluationsPerStep));
  return [...new Set(steps)].filter(count => count > 0).map(count => ({ steps: count }));
}
