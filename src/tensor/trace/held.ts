import { sizeOf } from '../types.ts';
import { type Graph, reachable } from './graph.ts';

/**
 * About the most numbers that a prepared graph holds: each value from the node that makes it to the last one
 * that reads it, in the order of the nodes; and for every node the constants that it reads, since a runtime
 * prepares the weights of each node for itself.
 */
export function heldNumbers(graph: Graph): number {
  const { values, nodes, constants, inputs, outputs } = graph;
  const reachableIds = reachable(graph);
  const needed = nodes.filter(node => node.outputs.some(id => reachableIds.has(id)));
  const lastUse = new Map<number, number>();
  for (const [at, node] of needed.entries()) for (const id of node.inputs) lastUse.set(id, at);
  for (const id of outputs) lastUse.set(id, needed.length);
  const sum = (ids: Iterable<number>, constant: boolean) => {
    let total = 0;
    for (const id of ids) if (constants.has(id) === constant) total += sizeOf(values[id]!.shape);
    return total;
  };
  let held = sum(inputs, false);
  let most = held;
  for (const [at, node] of needed.entries()) {
    held += sum(node.outputs, false);
    most = Math.max(most, held);
    const last = [...node.inputs, ...node.outputs].filter(id => (lastUse.get(id) ?? at) === at);
    held -= sum(new Set(last), false);
  }
  return most + needed.reduce((total, node) => total + sum(new Set(node.inputs), true), 0);
}
