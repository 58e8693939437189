import type { Graph } from './graph.ts';
import type { NetworkSpan } from './trace.ts';

/** A part of a graph that stands alone. Its inputs and outputs are values of the whole graph. */
export interface Stage {
  readonly graph: Graph;
  /** The network, if this part is one. */
  readonly network?: object;
}

/**
 * A graph cut before and after each of its networks, in order, without nodes that no result needs. Undefined
 * if a constant is a result, or if a value of a type other than float32 would pass from one stage to another.
 */
export function stagesOf(graph: Graph, networks: readonly NetworkSpan[]): Stage[] | undefined {
  if (graph.outputs.some(id => graph.constants.has(id))) return undefined;
  const laterInputs = new Set(graph.outputs);
  const stages: Stage[] = [];
  for (const { nodes, network } of piecesOf(graph, networks).toReversed()) {
    const live = new Set(laterInputs);
    const liveNodes = nodes.toReversed().filter(node => {
      const isNeeded = node.outputs.some(id => live.has(id));
      if (isNeeded) for (const id of node.inputs) live.add(id);
      return isNeeded;
    });
    const products = new Set(liveNodes.flatMap(node => node.outputs));
    const outputs = [...products].filter(id => laterInputs.has(id));
    const operands = new Set(liveNodes.reverse().flatMap(node => node.inputs));
    const inputs = [...operands].filter(id => !products.has(id) && !graph.constants.has(id));
    for (const id of outputs) laterInputs.delete(id);
    for (const id of inputs) laterInputs.add(id);
    if (outputs.length > 0)
      stages.unshift({ graph: { ...graph, nodes: liveNodes, inputs, outputs }, ...(network && { network }) });
  }
  const passed = stages.flatMap(stage => [...stage.graph.inputs, ...stage.graph.outputs]);
  return passed.every(id => graph.values[id]!.dtype === 'float32') ? stages : undefined;
}

function piecesOf({ nodes }: Graph, networks: readonly NetworkSpan[]) {
  const pieces: { readonly nodes: Graph['nodes']; readonly network?: object }[] = [];
  let at = 0;
  for (const { identity, from, to } of networks) {
    pieces.push({ nodes: nodes.slice(at, from) }, { nodes: nodes.slice(from, to), network: identity });
    at = to;
  }
  return [...pieces, { nodes: nodes.slice(at) }];
}
