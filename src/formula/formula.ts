import { differentiate } from './differentiate.ts';
import { parseFormula } from './parse.ts';
import { compile } from './tree.ts';

/** A user's formula, as plain functions of its variables in the order they were named. */
export interface Formula {
  /** As it was written. */
  readonly text: string;
  /** Its value at the variables, in the order they were named. */
  readonly value: (...values: number[]) => number;
  /** The symbolic derivative by one of the variables. */
  derivative(variable: string): (...values: number[]) => number;
}

/**
 * `await formula('0.1 + 19.9*t', ['t'])`: numbers, the variables, `pi`, `e`, `+ - * / ^`, parentheses and the
 * functions exp log sqrt sin cos tan sinh cosh tanh abs log1p expm1 pow min max. Anything else is refused
 * with its place.
 */
export async function formula(text: string, variables: readonly string[]): Promise<Formula> {
  const tree = await parseFormula(text, variables);
  return Object.freeze({
    text,
    value: compile(tree, variables),
    derivative: (variable: string) => compile(differentiate(tree, variable), variables),
  });
}
