import type { Coefficient, Tensor } from '../types.ts';

/** A coefficient and the tensor it multiplies. */
export type Term = readonly [Coefficient, Tensor];

/**
 * How far a combination is expanded: to tensors that are not combinations, or to the operands of its
 * computation.
 */
type Level = 'parts' | 'kept';

/**
 * The coefficient of a term of the call or, if that term was an expanded combination, of one of its parts.
 */
interface Factor {
  readonly term: number;
  readonly of?: { readonly combination: Combination; readonly level: Level; readonly part: number };
}

/** One tensor of a combination; its coefficient is a sum of products. */
interface Part {
  readonly tensor: Tensor;
  readonly factors: readonly Factor[];
}

/** How one call of `combine` is computed: determined while tracing, and followed by every replay. */
export interface Combination {
  /** Its index among the combinations of the program. */
  readonly index: number;
  readonly terms: readonly Tensor[];
  /** The full expansion: tensors that are not combinations. */
  readonly parts: readonly Part[];
  /** The terms of the computation: `parts`, or fewer if the value of some combination exists anyway. */
  readonly kept: readonly Part[];
}

/** The combinations of a program during tracing. */
export interface Combinations {
  /**
   * Expands terms that are combinations, except those that an operation has used, if keeping them makes fewer
   * parts.
   */
  plan(terms: readonly Tensor[]): Combination;
  made(result: Tensor, combination: Combination): void;
  /** Records the operands of an operation. */
  use(operands: readonly Tensor[]): void;
  /** From here on these are variables of their own. */
  separate(xs: readonly Tensor[]): void;
}

export function combinations(): Combinations {
  const byResult = new Map<Tensor, Combination>();
  const operands = new Set<Tensor>();
  const count = { made: 0 };
  const unused = (x: Tensor) => (operands.has(x) ? undefined : byResult.get(x));
  return {
    plan(terms) {
      const parts = dissolved(terms, x => byResult.get(x), 'parts');
      const fewer = dissolved(terms, unused, 'kept');
      return { index: count.made++, terms, parts, kept: fewer.length < parts.length ? fewer : parts };
    },
    made: (result, combination) => void byResult.set(result, combination),
    use: xs => xs.forEach(x => void operands.add(x)),
    separate: xs => xs.forEach(x => void byResult.delete(x)),
  };
}

function dissolved(
  terms: readonly Tensor[],
  combinationOf: (x: Tensor) => Combination | undefined,
  level: Level,
): readonly Part[] {
  const parts = new Map<Tensor, Factor[]>();
  const put = (tensor: Tensor, factor: Factor) => {
    parts.set(tensor, [...(parts.get(tensor) ?? []), factor]);
  };
  terms.forEach((x, term) => {
    const combination = combinationOf(x);
    if (!combination) put(x, { term });
    else
      for (const [part, { tensor }] of combination[level].entries())
        put(tensor, { term, of: { combination, level, part } });
  });
  return [...parts].map(([tensor, factors]) => ({ tensor, factors }));
}

/**
 * The numbers of one combination in one reading of a program: the terms of the call, and the coefficients
 * once they are computed.
 */
export interface Numbers {
  readonly terms: readonly Term[];
  parts: Coefficient[] | undefined;
  kept: Coefficient[] | undefined;
}

/** The state before any coefficient is computed. */
export const numbersOf = (terms: readonly Term[]): Numbers => ({ terms, parts: undefined, kept: undefined });

/**
 * The coefficients of the computed terms, multiplied out in float64; `all`: the numbers of every combination
 * so far, by index.
 */
export function ofKept(combination: Combination, all: readonly Numbers[]): Coefficient[] {
  if (combination.kept === combination.parts) return ofParts(combination, all);
  const entry = all[combination.index]!;
  entry.kept ??= worked(combination.kept, entry.terms, all);
  return entry.kept;
}

function ofParts({ index, parts }: Combination, all: readonly Numbers[]): Coefficient[] {
  const entry = all[index]!;
  entry.parts ??= worked(parts, entry.terms, all);
  return entry.parts;
}

function worked(parts: readonly Part[], terms: readonly Term[], all: readonly Numbers[]): Coefficient[] {
  const coefficients = new Array<Coefficient>(parts.length);
  for (let i = 0; i < parts.length; i++) {
    const { factors } = parts[i]!;
    let sum = productOf(factors[0]!, terms, all);
    for (let k = 1; k < factors.length; k++) sum = plus(sum, productOf(factors[k]!, terms, all));
    coefficients[i] = sum;
  }
  return coefficients;
}

function productOf({ term, of }: Factor, terms: readonly Term[], all: readonly Numbers[]): Coefficient {
  const [c] = terms[term]!;
  if (!of) return c;
  const coefficients = of.level === 'kept' ? ofKept(of.combination, all) : ofParts(of.combination, all);
  return times(c, coefficients[of.part]!);
}

const times = (a: Coefficient, b: Coefficient): Coefficient =>
  typeof a === 'number' && typeof b === 'number' ? a * b : each(a, b, (x, y) => x * y);
const plus = (a: Coefficient, b: Coefficient): Coefficient =>
  typeof a === 'number' && typeof b === 'number' ? a + b : each(a, b, (x, y) => x + y);

function each(a: Coefficient, b: Coefficient, op: (x: number, y: number) => number): Coefficient {
  const length = typeof a === 'number' ? (b as Float64Array).length : a.length;
  const out = new Float64Array(length);
  for (let i = 0; i < length; i++)
    out[i] = op(typeof a === 'number' ? a : a[i]!, typeof b === 'number' ? b : b[i]!);
  return out;
}
