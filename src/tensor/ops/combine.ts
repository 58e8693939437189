import { apply, currentMode } from '../mode.ts';
import { inner, isTensor, outer } from '../operands.ts';
import { tf } from '../tf.ts';
import { type Coefficient, type Operand, sizeOf, type Tensor } from '../types.ts';
import { add, mul } from './arithmetic.ts';

/** A term c·x of a linear combination. */
export type Term = readonly [Operand, Tensor];

/**
 * Σ cᵢ·xᵢ for any number of terms: the linear combination in most update formulas.
 *
 * In a traced program, a term that is itself such a combination is expanded into its parts; the host
 * multiplies the coefficients in float64. So x + h·(A·x + B·F) costs as much as (1 + hA)·x + hB·F, and a
 * solver can be written as in its paper without extra cost. If an operation has used a combination, its value
 * exists anyway. Such a combination stays whole if that makes fewer terms.
 */
export function combine(...terms: readonly Term[]): Tensor {
  const { combine: custom } = currentMode();
  return custom && arePlain(terms) ? custom(terms, total) : total(terms);
}

function arePlain(terms: readonly Term[]): terms is readonly (readonly [Coefficient, Tensor])[] {
  for (const [c] of terms) if (isTensor(c)) return false;
  return true;
}

/**
 * From this number of parts on, one product with all of them side by side is faster than one product for each
 * part and their sum.
 */
const MANY = 4;

function total(terms: readonly Term[]): Tensor {
  const tensors = terms.map(([, x]) => x);
  const numbers = terms.flatMap(([c]) => (typeof c === 'number' ? c : []));
  const arePlainTerms = numbers.length === terms.length && tensors[0]!.shape.length > 0;
  if (arePlainTerms && terms.length >= MANY && alike(tensors)) return weighted(numbers, tensors);
  const products = terms.map(([c, x]) => mul(x, c));
  return products.length > 2 && alike(products)
    ? addAll(products)
    : products.reduce((sum, term) => add(sum, term));
}

const alike = (xs: readonly Tensor[]) => xs.every(x => x.shape.join() === xs[0]!.shape.join());

const addAll = (xs: readonly Tensor[]): Tensor =>
  apply('addAll', xs, [], () => outer(tf.addN(xs.map(inner))));

/** [c₁ … c_k]·[x₁; …; x_k] with a row for each tensor. */
function weighted(numbers: readonly number[], xs: readonly Tensor[]): Tensor {
  const count = xs.length;
  const shape = [...xs[0]!.shape];
  const row = currentMode().leaf(Float64Array.from(numbers), [1, count]);
  return apply('weighted', [row, ...xs], [], () => {
    const rows = tf.reshape(tf.concat(xs.map(inner), 0), [count, sizeOf(shape)]);
    return outer(tf.reshape(tf.matMul(inner(row) as tf.Tensor2D, rows as tf.Tensor2D), shape));
  });
}
