import type { Shape } from '../../../tensor/index.ts';
import type { DType, GraphNode, GraphValue } from '../../../tensor/trace/graph.ts';
import type { AttributeValue } from './model.ts';

/** The domain of onnxruntime's operators on images whose channels are kept together in blocks. */
export const BLOCKED = 'com.microsoft.nchwc';

/** What a lowering may do: add nodes and small constants, and ask for the shapes of the values it handles. */
export interface Emitter {
  /** Whether to keep to the operators of the ONNX standard. */
  readonly portable: boolean;
  /** Channels that the runtime's own layout for convolutions keeps together; none where it has no such layout. */
  readonly block?: number;
  /** Whether a value is known before the graph runs, so that the runtime prepares it once. */
  known(name: string): boolean;
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
  /** `x` of shape `from` in another shape; of a value that is a reshaped one itself, that one in another shape. */
  reshape(x: string, from: Shape, shape: Shape): string;
  ints(values: readonly number[]): string;
  scalar(value: number, dtype?: DType): string;
  floats(shape: readonly number[], values: readonly number[]): string;
  /** Makes `name` the value of output `i` of the node being lowered. */
  result(name: string, i?: number): void;
}

/** One kernel of tfjs in ONNX operators. `inputs` are names, `node` has attributes, `values` the shapes. */
export type Lowering = (
  to: Emitter,
  inputs: readonly string[],
  node: GraphNode,
  values: { readonly inputs: readonly GraphValue[]; readonly outputs: readonly GraphValue[] },
) => void;
