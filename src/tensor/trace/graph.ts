import type { StoredAt } from '../../files/index.ts';
import type { Shape } from '../types.ts';

export type DType = 'float32' | 'int32' | 'bool';

/** A value of a traced program, described by its shape. */
export interface GraphValue {
  readonly id: number;
  readonly shape: Shape;
  readonly dtype: DType;
}

/** One kernel call: `inputs` and `outputs` are ids of values. */
export interface GraphNode {
  readonly kernel: string;
  readonly inputs: readonly number[];
  readonly attributes: Readonly<Record<string, unknown>>;
  readonly outputs: readonly number[];
}

export type ConstantData = Float32Array | Int32Array | Uint8Array;

/** The numbers of a constant; `data` may be read from a file at the first access. */
export interface GraphConstant {
  readonly data: ConstantData;
  readonly stored?: StoredAt | undefined;
}

/** A straight-line program of tfjs kernel calls: the result of tracing and the input of lowering. */
export interface Graph {
  readonly values: readonly GraphValue[];
  readonly nodes: readonly GraphNode[];
  readonly constants: ReadonlyMap<number, GraphConstant>;
  readonly inputs: readonly number[];
  readonly outputs: readonly number[];
}

/** The values that some result depends on, results included. */
export function reachable({ nodes, outputs }: Pick<Graph, 'nodes' | 'outputs'>): ReadonlySet<number> {
  const reachableIds = new Set(outputs);
  for (const node of nodes.toReversed()) {
    if (node.outputs.some(id => reachableIds.has(id))) for (const id of node.inputs) reachableIds.add(id);
  }
  return reachableIds;
}
