import type { RuleName } from './functions.ts';
import { call, isNumber, number, type Tree } from './tree.ts';

/**
 * The symbolic derivative by one variable. (mathjs has one, but not for min, max, log1p and expm1, and it
 * gives NaN at the corner of an absolute value. These rules cover all functions and are one-sided at
 * corners.)
 */
export function differentiate(tree: Tree, variable: string): Tree {
  if (tree.kind === 'number') return number(0);
  if (tree.kind === 'variable') return number(tree.name === variable ? 1 : 0);
  const [a, b] = tree.args as [Tree, Tree];
  const da = differentiate(a, variable);
  if (tree.rule in outer) return weigh(outer[tree.rule as keyof typeof outer](a, tree), da);
  return ofTwo(tree.rule, tree, a, b, da, differentiate(b, variable));
}

/** Derivatives of functions of one argument by that argument; `f` is the function's own tree. */
const outer = {
  negate: () => number(-1),
  exp: (_a: Tree, f: Tree) => f,
  expm1: (a: Tree) => call('exp', a),
  log: (a: Tree) => over(number(1), a),
  log1p: (a: Tree) => over(number(1), plus(number(1), a)),
  sqrt: (_a: Tree, f: Tree) => over(number(0.5), f),
  sin: (a: Tree) => call('cos', a),
  cos: (a: Tree) => call('negate', call('sin', a)),
  tan: (_a: Tree, f: Tree) => plus(number(1), times(f, f)),
  sinh: (a: Tree) => call('cosh', a),
  cosh: (a: Tree) => call('sinh', a),
  tanh: (_a: Tree, f: Tree) => minus(number(1), times(f, f)),
  abs: (a: Tree) => call('sign', a),
};

function ofTwo(rule: RuleName, f: Tree, a: Tree, b: Tree, da: Tree, db: Tree): Tree {
  switch (rule) {
    case 'add':
      return plus(da, db);
    case 'subtract':
      return minus(da, db);
    case 'multiply':
      return plus(times(da, b), times(a, db));
    case 'divide':
      return minus(over(da, b), over(times(f, db), b));
    case 'pow':
      return power(f, a, b, da, db);
    case 'min':
      return call('choose', a, b, da, db);
    case 'max':
      return call('choose', b, a, da, db);
    default:
      throw new TypeError(`no derivative of ${rule}`);
  }
}

/**
 * a^b: b·a^(b−1)·a' if the exponent is constant (no logarithm, so a may be 0 or negative), plus a^b·log(a)·b'
 * if b' is not 0.
 */
function power(f: Tree, a: Tree, b: Tree, da: Tree, db: Tree): Tree {
  const byBase = weigh(times(b, call('pow', a, minus(b, number(1)))), da);
  return isNumber(db, 0) ? byBase : plus(byBase, weigh(times(f, call('log', a)), db));
}

// Simplifies only what keeps 0·∞ out of derivatives.
function plus(a: Tree, b: Tree): Tree {
  return isNumber(a, 0) ? b : isNumber(b, 0) ? a : call('add', a, b);
}

function minus(a: Tree, b: Tree): Tree {
  if (isNumber(b, 0)) return a;
  if (a.kind === 'number' && b.kind === 'number') return number(a.value - b.value);
  return isNumber(a, 0) ? call('negate', b) : call('subtract', a, b);
}

function times(a: Tree, b: Tree): Tree {
  if (isNumber(a, 0) || isNumber(b, 0)) return number(0);
  return isNumber(a, 1) ? b : isNumber(b, 1) ? a : call('multiply', a, b);
}

/**
 * The product of the chain rule. If the inner slope is 0, the product is 0, even if the outer function is
 * infinitely steep.
 */
function weigh(a: Tree, b: Tree): Tree {
  return a.kind === 'call' && b.kind === 'call' ? call('weigh', a, b) : times(a, b);
}

function over(a: Tree, b: Tree): Tree {
  return isNumber(a, 0) ? a : call('divide', a, b);
}
