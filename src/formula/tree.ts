import { type RuleName, rules } from './functions.ts';

/** A vetted formula. It contains only numbers, variables and the rules of this room. */
export type Tree =
  | {
      /** A number. */
      readonly kind: 'number';
      /** That number. */
      readonly value: number;
    }
  | {
      /** A variable. */
      readonly kind: 'variable';
      /** Its name. */
      readonly name: string;
    }
  | {
      /** A function of other trees. */
      readonly kind: 'call';
      /** The name of the function. */
      readonly rule: RuleName;
      /** Its arguments. */
      readonly args: readonly Tree[];
    };

/** The values of variables, by their names. */
export type Scope = Readonly<Record<string, number>>;

export const number = (value: number): Tree => ({ kind: 'number', value });
export const call = (rule: RuleName, ...args: Tree[]): Tree => ({ kind: 'call', rule, args });
export const isNumber = (tree: Tree, value: number) => tree.kind === 'number' && tree.value === value;

/** A plain closure that evaluates the tree at the given values of its variables, in the order named. */
export function compile(tree: Tree, variables: readonly string[]): (...values: number[]) => number {
  const run = closure(tree, variables);
  return (...values) => run(values);
}

function closure(tree: Tree, variables: readonly string[]): (values: readonly number[]) => number {
  if (tree.kind === 'number') return () => tree.value;
  if (tree.kind === 'variable') {
    const index = variables.indexOf(tree.name);
    return values => values[index]!;
  }
  const { value } = rules[tree.rule];
  const [a, b, c, d] = tree.args.map(arg => closure(arg, variables));
  if (!b) return v => value(a!(v), 0, 0, 0);
  if (!c) return v => value(a!(v), b(v), 0, 0);
  return v => value(a!(v), b(v), c(v), d!(v));
}
