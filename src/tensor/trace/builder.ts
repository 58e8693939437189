import type { Shape } from '../types.ts';
import type { DType, Graph, GraphConstant, GraphNode, GraphValue } from './graph.ts';

/** Builds a graph while a program is traced. */
export interface GraphBuilder {
  value(shape: Shape, dtype: DType): GraphValue;
  constant(numbers: GraphConstant, shape: Shape, dtype: DType): GraphValue;
  node(
    kernel: string,
    inputs: readonly GraphValue[],
    attributes: GraphNode['attributes'],
    outputs: readonly GraphValue[],
  ): void;
  /** Nodes so far. */
  count(): number;
  finish(inputs: readonly GraphValue[], outputs: readonly GraphValue[]): Graph;
}

export function graphBuilder(): GraphBuilder {
  const values: GraphValue[] = [];
  const nodes: GraphNode[] = [];
  const constants = new Map<number, GraphConstant>();
  const ids = (list: readonly GraphValue[]) => list.map(v => v.id);
  const value = (shape: Shape, dtype: DType): GraphValue => {
    const entry = { id: values.length, shape: [...shape], dtype };
    values.push(entry);
    return entry;
  };
  return {
    value,
    constant(numbers, shape, dtype) {
      const constant = value(shape, dtype);
      constants.set(constant.id, numbers);
      return constant;
    },
    node(kernel, inputs, attributes, outputs) {
      nodes.push({ kernel, inputs: ids(inputs), attributes, outputs: ids(outputs) });
    },
    count: () => nodes.length,
    finish: (inputs, outputs) => ({ values, nodes, constants, inputs: ids(inputs), outputs: ids(outputs) }),
  };
}
