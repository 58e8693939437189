import type { RuleName, Tree } from '../formula/index.ts';
import {
  abs,
  add,
  cos,
  div,
  exp,
  log,
  maximum,
  minimum,
  mul,
  neg,
  reshape,
  sin,
  slice,
  sqrt,
  sub,
  type Tensor,
  tanh,
} from '../tensor/index.ts';
import type { Form } from './text/contract.ts';

type Value = number | Tensor;

/** A formula of columns as tensor operations: [B, D] → [B, 1]. */
export function tracedForm({ columns, variables, tree }: Form): (x: Tensor) => Tensor {
  return x => {
    const rows = x.shape[0]!;
    const flat = reshape(x, [rows, x.shape.slice(1).reduce((size, side) => size * side, 1)]);
    const scope = new Map(
      variables.map((name, i) => [name, slice(flat, [0, columns[i]!], [rows, 1])] as const),
    );
    return evaluate(tree, scope) as Tensor;
  };
}

function evaluate(tree: Tree, scope: ReadonlyMap<string, Tensor>): Value {
  if (tree.kind === 'number') return tree.value;
  if (tree.kind === 'variable') return scope.get(tree.name)!;
  const [a, b] = tree.args.map(arg => evaluate(arg, scope)) as [Value, Value];
  return operations[tree.rule as keyof typeof operations](a, b);
}

const isNumber = (x: Value): x is number => typeof x === 'number';

/** One operation, on numbers or on tensors. */
const two =
  (host: (a: number, b: number) => number, traced: (a: Value, b: Value) => Tensor) =>
  (a: Value, b: Value): Value =>
    isNumber(a) && isNumber(b) ? host(a, b) : traced(a, b);
const one =
  (host: (a: number) => number, traced: (a: Tensor) => Tensor) =>
  (a: Value): Value =>
    isNumber(a) ? host(a) : traced(a);

const plus = two(
  (a, b) => a + b,
  (a, b) => add(a as Tensor, b),
);
const times = two(
  (a, b) => a * b,
  (a, b) => mul(a as Tensor, b),
);
const over = two(
  (a, b) => a / b,
  (a, b) => div(a as Tensor, b),
);
const exponential = one(Math.exp, exp);
const half = (a: Value, sign: 1 | -1) =>
  times(plus(exponential(a), times(sign, exponential(times(-1, a)))), 0.5);

const operations = {
  add: plus,
  subtract: two(
    (a, b) => a - b,
    (a, b) => sub(a as Tensor, b),
  ),
  multiply: times,
  divide: over,
  negate: one(a => -a, neg),
  pow: power,
  exp: exponential,
  expm1: (a: Value) => plus(exponential(a), -1),
  log: one(Math.log, log),
  log1p: (a: Value) => one(Math.log, log)(plus(1, a)),
  sqrt: one(Math.sqrt, sqrt),
  sin: one(Math.sin, sin),
  cos: one(Math.cos, cos),
  tan: one(Math.tan, a => div(sin(a), cos(a))),
  sinh: (a: Value) => half(a, -1),
  cosh: (a: Value) => half(a, 1),
  tanh: one(Math.tanh, tanh),
  abs: one(Math.abs, abs),
  min: two(Math.min, (a, b) => minimum(a as Tensor, b)),
  max: two(Math.max, (a, b) => maximum(a as Tensor, b)),
} satisfies Partial<Record<RuleName, (a: Value, b: Value) => Value>>;

/** A whole exponent as products, which are also right for negative bases; any other as e^(b·log a). */
function power(a: Value, b: Value): Value {
  if (isNumber(a) && isNumber(b)) return a ** b;
  if (!isNumber(b) || !Number.isInteger(b) || Math.abs(b) > 16) {
    const logarithm = isNumber(a) ? Math.log(a) : log(a);
    return exponential(times(b, logarithm));
  }
  let product: Value = 1;
  for (let i = 0; i < Math.abs(b); i++) product = i === 0 ? a : times(product, a);
  return b < 0 ? over(1, product) : product;
}
