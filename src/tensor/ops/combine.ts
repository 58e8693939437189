import { apply, currentMode } from '../mode.ts';
import { inner, isTensor, outer } from '../operands.ts';
import { tf } from '../tf.ts';
import type { Coefficient, Operand, Tensor } from '../types.ts';
import { add, mul } from './arithmetic.ts';

type Term = readonly [Operand, Tensor];

/**
 * Σ cᵢ·xᵢ for any number of terms: the linear combination most update formulas are.
 *
 * Where programs are traced, a term that is itself such a combination dissolves into its parts, with the coefficients
 * multiplied out in float64 on the host: x + h·(A·x + B·F) costs as much as (1 + hA)·x + hB·F, so a solver written as
 * in its paper costs no more than one multiplied out by hand. A part that an operation has used, so that it is there anyway,
 * stays whole where that makes fewer terms.
 */
export function combine(...terms: readonly Term[]): Tensor {
  const { combinations } = currentMode();
  if (!combinations || !terms.every(isPlain)) return total(terms);
  const parts = dissolved(terms, x => combinations.get(x));
  const there = terms.some(([, x]) => combinations.used(x) && combinations.get(x));
  const kept = there
    ? dissolved(terms, x => (combinations.used(x) ? undefined : combinations.get(x)))
    : parts;
  const result = total(kept.length < parts.length ? kept : parts);
  combinations.set(result, parts);
  return result;
}

const isPlain = (term: Term): term is PlainTerm => !isTensor(term[0]);

function total(terms: readonly Term[]): Tensor {
  const products = terms.map(([c, x]) => mul(x, c));
  const same = products.every(x => x.shape.join() === products[0]!.shape.join());
  return products.length > 2 && same ? addAll(products) : products.reduce((sum, term) => add(sum, term));
}

export type PlainTerm = readonly [Coefficient, Tensor];

/** What is known of tensors made by `combine`, in modes where that saves work. */
export interface Combinations {
  get(x: Tensor): readonly PlainTerm[] | undefined;
  set(x: Tensor, terms: readonly PlainTerm[]): void;
  /** From here on `x` is a variable of its own. */
  delete(x: Tensor): void;
  /** Tells of the operands of an operation. */
  use(operands: readonly Tensor[]): void;
  /** Whether an operation has used `x`. */
  used(x: Tensor): boolean;
}

export function noCombinations(): Combinations {
  const made = new Map<Tensor, readonly PlainTerm[]>();
  const operands = new Set<Tensor>();
  return {
    get: x => made.get(x),
    set: (x, terms) => void made.set(x, terms),
    delete: x => void made.delete(x),
    use: xs => xs.forEach(x => void operands.add(x)),
    used: x => operands.has(x),
  };
}

/** The terms with what `partsOf` knows taken apart. */
function dissolved(
  terms: readonly PlainTerm[],
  partsOf: (x: Tensor) => readonly PlainTerm[] | undefined,
): readonly PlainTerm[] {
  const parts = new Map<Tensor, Coefficient>();
  const put = (c: Coefficient, x: Tensor) => {
    const sum = parts.get(x);
    parts.set(x, sum === undefined ? c : both(sum, c, (a, b) => a + b));
  };
  for (const [c, x] of terms) {
    const made = partsOf(x);
    if (!made) put(c, x);
    else
      for (const [d, y] of made)
        put(
          both(c, d, (a, b) => a * b),
          y,
        );
  }
  return [...parts].map(([x, c]) => [c, x] as const);
}

function both(a: Coefficient, b: Coefficient, op: (a: number, b: number) => number): Coefficient {
  if (typeof a === 'number') return typeof b === 'number' ? op(a, b) : b.map(each => op(a, each));
  return typeof b === 'number' ? a.map(each => op(each, b)) : a.map((each, i) => op(each, b[i]!));
}

const addAll = (xs: readonly Tensor[]): Tensor =>
  apply('addAll', xs, [], () => outer(tf.addN(xs.map(inner))));
