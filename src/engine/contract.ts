import type { PlainTensor, Shape, Tensor } from '../tensor/index.ts';

/** A tensor outside programs, owned by the engine that made it until it is freed. */
export interface Value {
  /** The lengths of the axes. */
  readonly shape: Shape;
}

/**
 * A tensor program: a pure function of constant weights, tensors and host arguments `A` (times, noise, step
 * sizes). Host numbers and arrays can differ from call to call; they never become constants.
 */
export type Program<A> = (weights: Tensor[], inputs: Tensor[], args: A) => Tensor[];

/**
 * A program that an engine has prepared. The caller keeps the inputs. Results are new values that the caller
 * frees. A call to `run` without a lane uses all threads and runs alone. Calls on different lanes (0 …
 * `Engine.lanes` − 1) run in parallel with one thread each.
 */
export interface Compiled<A> {
  /** One call: inputs and arguments to results, all new values. */
  run(inputs: readonly Value[], args: A, lane?: number): Promise<Value[]>;
  /**
   * Applies a program whose results have the same shapes as its inputs, once for each of `args`. The results
   * of one step are the inputs of the next. The initial values are consumed: every state but the last is
   * freed.
   */
  iterate(state: readonly Value[], args: readonly A[], lane?: number): Promise<Value[]>;
  /**
   * About the most numbers that it holds, as it is prepared so far. Absent if the engine prepares nothing.
   */
  numbers?(): number;
  /** Releases the program. The engine keeps it ready for the next program of its kind on the same weights. */
  dispose(): Promise<void>;
}

/** A place where tensor programs run. */
export interface Engine {
  /** A name in `engines`, such as `onnx`. */
  readonly name: string;
  /** The number of calls that can run in parallel; 1 if calls take turns. */
  readonly lanes: number;
  /**
   * The largest number of rows in a default micro-batch. A device needs many, since a call on a thousand rows
   * takes about as long as a call on one. Default: 512.
   */
  readonly mostRows?: number;
  /** Prepares a program. It traces and opens nothing before the first call. */
  compile<A>(program: Program<A>, weights?: readonly PlainTensor[]): Compiled<A>;
  /** Copies a tensor into the engine. The caller frees the value. */
  put(value: PlainTensor): Value;
  /** The numbers of a value, row-major. */
  read(value: Value): Promise<Float32Array>;
  /** Frees values. They must not be used afterwards. */
  free(...values: readonly Value[]): void;
  /**
   * Number of live values and weights, including those of programs that are kept. Repeating a call adds none.
   */
  live(): number;
  /** Whether the engine can no longer compute: it was disposed of, or its threads are lost. */
  ended(): boolean;
  /**
   * Waits for pending work, then ends the threads and frees what the programs hold. The engine cannot be used
   * afterwards.
   */
  dispose(): Promise<void>;
  /** The same, for `await using`. */
  [Symbol.asyncDispose](): Promise<void>;
}
