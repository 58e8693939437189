import { differentiate } from './differentiate.ts';
import { compile, type Tree } from './tree.ts';

/** c + Σ fᵢ·xᵢ, the variables in the order they were named. */
export interface LinearForm {
  /** fᵢ, one for each variable. */
  readonly factors: readonly number[];
  /** c */
  readonly constant: number;
}

/** A formula as a linear form, if all its symbolic derivatives are constant; else undefined. */
export function linearForm(tree: Tree, variables: readonly string[]): LinearForm | undefined {
  const slopes = variables.map(variable => differentiate(tree, variable));
  if (slopes.some(hasVariable)) return undefined;
  const zeros = variables.map(() => 0);
  return {
    factors: slopes.map(slope => compile(slope, variables)(...zeros)),
    constant: compile(tree, variables)(...zeros),
  };
}

const hasVariable = (tree: Tree): boolean =>
  tree.kind === 'variable' || (tree.kind === 'call' && tree.args.some(hasVariable));
