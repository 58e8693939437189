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
  const { combine: taken } = currentMode();
  return taken && arePlain(terms) ? taken(terms, total) : total(terms);
}

function arePlain(terms: readonly Term[]): terms is readonly (readonly [Coefficient, Tensor])[] {
  for (const [c] of terms) if (isTensor(c)) return false;
  return true;
}

function total(terms: readonly Term[]): Tensor {
  const products = terms.map(([c, x]) => mul(x, c));
  const same = products.every(x => x.shape.join() === products[0]!.shape.join());
  return products.length > 2 && same ? addAll(products) : products.reduce((sum, term) => add(sum, term));
}

const addAll = (xs: readonly Tensor[]): Tensor =>
  apply('addAll', xs, [], () => outer(tf.addN(xs.map(inner))));
