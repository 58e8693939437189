import type { PlainTensor } from '../../../tensor/index.ts';
import type { OnnxGraph } from '../compile/model.ts';
import type { PackedModel } from '../compile/packed.ts';

/** A graph ready to run; inputs and results are in the order of the model. */
export interface Session {
  run(inputs: readonly PlainTensor[]): Promise<ResultTensor[]>;
  release(): Promise<void>;
}

/** A result, of the type that the model declares: float32 in every traced graph. */
export interface ResultTensor extends PlainTensor {
  readonly type: string;
}

/** onnxruntime as a compiled engine uses it, whichever build of it runs. */
export interface OnnxRuntime {
  /** Block size of channels in its own layout for convolutions, where it has one. */
  readonly block?: number;
  /** How many sessions can run side by side, each on a thread of its own. */
  readonly lanes: number;
  /** A graph as a model: its larger constants in memory, or in the files they lie in. */
  pack(graph: OnnxGraph): PackedModel;
  /** Opens a session on all threads, or on the thread of a lane. */
  open(model: PackedModel, lane?: number): Promise<Session>;
  /** Whether one of its threads is lost or closed. */
  ended(): boolean;
  /** Ends its threads, and their sessions with them. */
  close(): Promise<void>;
}
