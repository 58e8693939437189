/** How many arguments a function takes, and what it computes. */
interface Rule {
  readonly arity: readonly [least: number, most: number];
  readonly value: (a: number, b: number, c: number, d: number) => number;
}

const one = (value: (a: number) => number): Rule => ({ arity: [1, 1], value });
const two = (value: (a: number, b: number) => number): Rule => ({ arity: [2, 2], value });

/** The functions a formula may call. `min` and `max` of more than two become nested pairs. */
export const functions = {
  exp: one(Math.exp),
  log: one(Math.log),
  sqrt: one(Math.sqrt),
  sin: one(Math.sin),
  cos: one(Math.cos),
  tan: one(Math.tan),
  sinh: one(Math.sinh),
  cosh: one(Math.cosh),
  tanh: one(Math.tanh),
  abs: one(Math.abs),
  log1p: one(Math.log1p),
  expm1: one(Math.expm1),
  pow: two((a, b) => a ** b),
  min: { arity: [2, 16], value: (a, b) => Math.min(a, b) },
  max: { arity: [2, 16], value: (a, b) => Math.max(a, b) },
} satisfies Record<string, Rule>;

/** Other rules that operators and derivatives consist of. A formula cannot name them. */
const internal = {
  add: two((a, b) => a + b),
  subtract: two((a, b) => a - b),
  multiply: two((a, b) => a * b),
  divide: two((a, b) => a / b),
  negate: one(a => -a),
  sign: one(Math.sign),
  /** a·b; and 0 if either is 0, whatever the other is. */
  weigh: two((a, b) => (a === 0 || b === 0 ? 0 : a * b)),
  /** c if a ≤ b, else d: the derivative of a minimum. */
  choose: { arity: [4, 4], value: (a, b, c, d) => (a <= b ? c : d) },
} satisfies Record<string, Rule>;

export const rules = { ...functions, ...internal };
export const functionNames = Object.keys(functions);
export const constants: Readonly<Record<string, number>> = { pi: Math.PI, e: Math.E };

/** A function that a formula may call. */
export type FunctionName = keyof typeof functions;
/** A function that a tree may contain: one of a formula, an operator, or a part of a derivative. */
export type RuleName = keyof typeof rules;
