import type { PlainTensor } from '../../../tensor/index.ts';
import type { OnnxGraph } from '../compile/model.ts';
import type { PackedModel } from '../compile/packed.ts';

/** A graph that is ready to run. Inputs and results are in the order of the model. */
export interface Session {
  run(inputs: readonly PlainTensor[]): Promise<ResultTensor[]>;
  release(): Promise<void>;
}

/** A result, of the type that the model declares. In every traced graph this is float32. */
export interface ResultTensor extends PlainTensor {
  readonly type: string;
}

/** The functions of onnxruntime that a compiled engine uses, for any build of it. */
export interface OnnxRuntime {
  /** Block size of channels in its own layout for convolutions, if it has one. */
  readonly block?: number;
  /**
   * Operators of the standard only. A device's provider lacks most others; each would run on the CPU, with
   * copies there and back.
   */
  readonly portable?: boolean;
  /** Whether the provider has no loops, so that the CPU would run them. */
  readonly loopless?: boolean;
  /** The largest number of rows in a default micro-batch, if it differs from the usual one. */
  readonly mostRows?: number;
  /** The number of sessions that can run in parallel, each on its own thread. */
  readonly lanes: number;
  /** Packs a graph as a model, with its larger constants in memory or in their files. */
  pack(graph: OnnxGraph): PackedModel;
  /** Opens a session on all threads, or on the thread of a lane. */
  open(model: PackedModel, lane?: number): Promise<Session>;
  /** Whether one of its threads is lost or closed. */
  ended(): boolean;
  /** Ends its threads, and their sessions with them. */
  close(): Promise<void>;
}

/** What holds for the providers of devices, whichever build of onnxruntime has them. */
export const onDevice = (hasLoops: boolean) =>
  ({
    lanes: 1,
    portable: true,
    loopless: !hasLoops,
    // Its memory holds them, and its time hardly grows with them.
    mostRows: 2 ** 14,
  }) as const satisfies Partial<OnnxRuntime>;
