import type { Coefficient, Tensor } from '../types.ts';

/** A coefficient and the tensor it multiplies. */
export type Term = readonly [Coefficient, Tensor];

/**
 * One tensor of a combination and what its coefficient is made of: a sum over `factors`, each the coefficient of one of the terms
 * given and, where that term was itself a combination, taken apart, of one of its parts.
 */
export interface Part {
  readonly tensor: Tensor;
  readonly factors: readonly {
    readonly term: number;
    readonly of?: { readonly combination: Combination; readonly part: number };
  }[];
}

/** How one call of `combine` is made: found while tracing, followed by every replay. */
export interface Combination {
  /** Its place among the combinations of the program. */
  readonly index: number;
  readonly terms: readonly Tensor[];
  /** Down to tensors that are no combinations. */
  readonly parts: readonly Part[];
  /** What is computed: `parts`, or fewer where some combination is there anyway. */
  readonly kept: readonly Part[];
  /** Whether a later combination takes this one apart. */
  taken: boolean;
}

/** The combinations of a program while it is traced. */
export interface Combinations {
  /** Takes apart the terms that are combinations themselves, but for those that an operation has used where that makes fewer parts. */
  plan(terms: readonly Tensor[]): Combination;
  made(result: Tensor, combination: Combination): void;
  /** Tells of the operands of an operation. */
  use(operands: readonly Tensor[]): void;
  /** From here on these are variables of their own. */
  separate(xs: readonly Tensor[]): void;
}

export function combinations(): Combinations {
  const known = new Map<Tensor, Combination>();
  const operands = new Set<Tensor>();
  const count = { made: 0 };
  return {
    plan(terms) {
      const parts = dissolved(terms, x => known.get(x));
      const there = terms.some(x => operands.has(x) && known.has(x));
      const fewer = there ? dissolved(terms, x => (operands.has(x) ? undefined : known.get(x))) : parts;
      for (const { factors } of parts) for (const { of } of factors) if (of) of.combination.taken = true;
      const kept = fewer.length < parts.length ? fewer : parts;
      return { index: count.made++, terms, parts, kept, taken: false };
    },
    made: (result, combination) => void known.set(result, combination),
    use: xs => xs.forEach(x => void operands.add(x)),
    separate: xs => xs.forEach(x => void known.delete(x)),
  };
}

function dissolved(
  terms: readonly Tensor[],
  combinationOf: (x: Tensor) => Combination | undefined,
): readonly Part[] {
  const parts = new Map<Tensor, Part['factors'][number][]>();
  const put = (tensor: Tensor, factor: Part['factors'][number]) => {
    parts.set(tensor, [...(parts.get(tensor) ?? []), factor]);
  };
  terms.forEach((x, term) => {
    const combination = combinationOf(x);
    if (!combination) put(x, { term });
    else
      for (const [part, { tensor }] of combination.parts.entries())
        put(tensor, { term, of: { combination, part } });
  });
  return [...parts].map(([tensor, factors]) => ({ tensor, factors }));
}

/**
 * The coefficients of the parts kept, multiplied out in float64 for the terms given; `former` holds the coefficients of the parts of
 * earlier combinations by their place, and is told those of this one if a later one asks.
 */
export function multipliedOut(
  { index, parts, kept, taken }: Combination,
  terms: readonly Term[],
  former: Coefficient[][],
  remember = taken,
): Coefficient[] {
  const coefficients = kept.map(part => coefficientOf(part, terms, former));
  if (remember)
    former[index] = kept === parts ? coefficients : parts.map(part => coefficientOf(part, terms, former));
  return coefficients;
}

function coefficientOf({ factors }: Part, terms: readonly Term[], former: Coefficient[][]): Coefficient {
  let sum: Coefficient | undefined;
  for (const { term, of } of factors) {
    const [c] = terms[term]!;
    const product: Coefficient = of ? times(c, former[of.combination.index]![of.part]!) : c;
    sum = sum === undefined ? product : plus(sum, product);
  }
  return sum!;
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
