import type { Coefficient, Shape, Tensor } from './types.ts';

type Terms = readonly (readonly [Coefficient, Tensor])[];

/**
 * How operations are interpreted at present: run at once, recorded while tfjs traces them, or replayed without
 * computing anything. Operations are synchronous, so a mode is set for one call and put back after it.
 */
export interface Mode {
  /** A value of the host (number, per-sample vector, noise) enters the program. */
  leaf(data: number | Float32Array | Float64Array, shape: Shape): Tensor;
  /** One operation: `run` computes it; `name`, `inputs` and `attributes` tell one from another. */
  apply(
    name: string,
    inputs: readonly Tensor[],
    attributes: readonly unknown[],
    run: () => Tensor[],
  ): Tensor[];
  /** A derivative: `forward` holds operations of its own, `run` computes value and gradients through it. */
  differentiate(
    name: string,
    inputs: readonly Tensor[],
    forward: () => Tensor,
    run: (forward: () => Tensor) => Tensor[],
  ): Tensor[];
  /** Σ cᵢ·xᵢ, in modes where taking combinations of combinations apart saves work; `total` writes one out. */
  readonly combine?: (terms: Terms, total: (terms: Terms) => Tensor) => Tensor;
  /** From here on these are variables of their own, which no combination takes apart. */
  readonly separate?: (xs: readonly Tensor[]) => void;
  /** The same with host values taken as constants and nothing recorded: inside a network. Absent where that is this mode. */
  readonly baked?: Mode;
}

const stack: Mode[] = [];

/** Runs `body` with operations interpreted by `mode`. */
export function interpretedBy<T>(mode: Mode, body: () => T): T {
  stack.push(mode);
  try {
    return body();
  } finally {
    stack.pop();
  }
}

export function currentMode(): Mode {
  const mode = stack.at(-1);
  if (mode) return mode;
  throw new Error('Tensor operations run only inside a program: engine.compile(program)');
}

/** Applies an operation with one result. */
export const apply = (
  name: string,
  inputs: readonly Tensor[],
  attributes: readonly unknown[],
  run: () => Tensor,
): Tensor => currentMode().apply(name, inputs, attributes, () => [run()])[0]!;
