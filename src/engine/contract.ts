import type { PlainTensor, Shape, Tensor } from '../tensor/index.ts';

/** A tensor outside programs, owned by the engine that made it until it is freed. */
export interface Value {
  /** The lengths of the axes. */
  readonly shape: Shape;
}

/**
 * A tensor program: a pure function of constant weights, tensors and host arguments `A` (times, noise, step sizes).
 * Numbers and arrays of the host may differ from call to call; they are never baked in.
 */
export type Program<A> = (weights: Tensor[], inputs: Tensor[], args: A) => Tensor[];

/**
 * A program made ready by an engine. Inputs stay the caller's; results are new values that the caller frees. A call has all
 * threads and runs by itself; calls on different lanes (0 … `Engine.lanes` − 1) run side by side with a thread each.
 */
export interface Compiled<A> {
  /** One call: inputs and arguments to results, all new values. */
  run(inputs: readonly Value[], args: A, lane?: number): Promise<Value[]>;
  /**
   * Applies a program whose results have the form of its inputs once for each of `args`, feeding results back in.
   * The values given are consumed: they are freed on the way, as is every state but the last.
   */
  iterate(state: readonly Value[], args: readonly A[], lane?: number): Promise<Value[]>;
  /** Gives the program back. It stays ready for the next of its kind on the same weights. */
  dispose(): Promise<void>;
}

/** A place where tensor programs run. */
export interface Engine {
  /** A name in `engines`, such as `onnx`. */
  readonly name: string;
  /** How many calls can run side by side; 1 where all take turns. */
  readonly lanes: number;
  /** Makes a program ready. Nothing is traced or opened before its first call. */
  compile<A>(program: Program<A>, weights?: readonly PlainTensor[]): Compiled<A>;
  /** Hands a tensor to the engine. Whoever puts it frees it. */
  put(value: PlainTensor): Value;
  /** The numbers of a value, row-major. */
  read(value: Value): Promise<Float32Array>;
  /** Frees values, which may not be used afterwards. */
  free(...values: readonly Value[]): void;
  /** Values and weights alive, those of programs kept for the next call among them: a call that was made before adds none. */
  live(): number;
  /** Whether it can compute nothing more: it was disposed of, or its threads are lost. */
  ended(): boolean;
  /** Ends its threads and frees what its programs hold, when what was asked of it is done. It computes nothing afterwards. */
  dispose(): Promise<void>;
  /** The same, for `await using`. */
  [Symbol.asyncDispose](): Promise<void>;
}
