import type { Shape } from '../../../tensor/index.ts';
import type { DType, GraphNode, GraphValue } from '../../../tensor/trace/graph.ts';
import type { AttributeValue } from './model.ts';

/** The domain of onnxruntime's operators on images whose channels are stored in blocks. */
export const BLOCKED = 'com.microsoft.nchwc';

/** Results of one `Split`: with its input they are the eight buffers that every WebGPU device can bind. */
export const MOST_PIECES = 7;

/** What a lowering can do: add nodes and small constants, and read the shapes of its values. */
export interface Emitter {
  /** Whether the graph is for any runtime or device: operators of the standard alone, with few results. */
  readonly portable: boolean;
  /**
   * Block size of channels in the runtime's own layout for convolutions; undefined if it has no such layout.
   */
  readonly block?: number;
  /** Whether a value is constant before the graph runs, so that the runtime prepares it once. */
  isConstant(name: string): boolean;
  emit(
    op: string,
    inputs: readonly string[],
    attributes?: Record<string, AttributeValue>,
    domain?: string,
  ): string;
  emitMany(
    op: string,
    inputs: readonly string[],
    count: number,
    attributes?: Record<string, AttributeValue>,
    domain?: string,
  ): string[];
  /**
   * Reshapes `x` from shape `from`. If `x` is itself the result of a reshape, this reshapes the original
   * value.
   */
  reshape(x: string, from: Shape, shape: Shape): string;
  ints(values: readonly number[]): string;
  scalar(value: number, dtype?: DType): string;
  floats(shape: readonly number[], values: readonly number[]): string;
  /** Makes `name` the value of output `i` of the node being lowered. */
  result(name: string, i?: number): void;
}

/**
 * One kernel of tfjs in ONNX operators. `inputs` are names, `node` has the attributes, `values` the shapes.
 */
export type Lowering = (
  to: Emitter,
  inputs: readonly string[],
  node: GraphNode,
  values: { readonly inputs: readonly GraphValue[]; readonly outputs: readonly GraphValue[] },
) => void;
