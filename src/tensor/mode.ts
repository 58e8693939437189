import type { Coefficient, Shape, Tensor } from './types.ts';

type Terms = readonly (readonly [Coefficient, Tensor])[];

/**
 * How operations are currently interpreted: run at once, recorded while tfjs traces them, or replayed without
 * computing anything. Operations are synchronous, so a mode is set for one call and restored after it.
 */
export interface Mode {
  /** A host value (number, per-sample vector, noise) enters the program. */
  leaf(data: number | Float32Array | Float64Array, shape: Shape): Tensor;
  /** One operation: `run` computes it; `name`, `inputs` and `attributes` identify it. */
  apply(
    name: string,
    inputs: readonly Tensor[],
    attributes: readonly unknown[],
    run: () => Tensor[],
  ): Tensor[];
  /**
   * A derivative: `forward` contains operations of its own, and `run` computes value and gradients through
   * it.
   */
  differentiate(
    name: string,
    inputs: readonly Tensor[],
    forward: () => Tensor,
    run: (forward: () => Tensor) => Tensor[],
  ): Tensor[];
  /** Σ cᵢ·xᵢ, in modes where expanding nested combinations saves work; `total` computes one. */
  readonly combine?: (terms: Terms, total: (terms: Terms) => Tensor) => Tensor;
  /** From here on these are variables of their own, which no combination expands. */
  readonly separate?: (xs: readonly Tensor[]) => void;
  /**
   * The same mode, but with host values as constants and no recording: inside a network. Absent if this mode
   * already does so.
   */
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
