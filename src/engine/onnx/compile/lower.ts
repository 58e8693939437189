import { type Graph, type GraphConstant, type GraphValue, reachable } from '../../../tensor/trace/graph.ts';
import { loweringOf } from './lowerings.ts';
import type { OnnxGraph, OnnxInitializer, OnnxNode, OnnxValue } from './model.ts';
import { graphWriter, type LowerOptions } from './writer.ts';

/** A traced graph as an ONNX graph. Inputs are named i0, i1, …, results o0, o1, …. */
export function lower(graph: Graph, options: LowerOptions = {}): OnnxGraph {
  const names = new Map<number, string>(graph.inputs.map((id, i) => [id, `i${i}`]));
  const writer = graphWriter(options);
  const { nodes, initializers } = writer;
  const reachableIds = reachable(graph);
  for (const [id, constant] of graph.constants) {
    if (!reachableIds.has(id)) continue;
    writer.initializer(initializerOf(`c${id}`, graph.values[id]!, constant));
    names.set(id, `c${id}`);
  }
  const valuesOf = (ids: readonly number[]): GraphValue[] => ids.map(id => graph.values[id]!);
  for (const node of graph.nodes) {
    if (!node.outputs.some(id => reachableIds.has(id))) continue;
    loweringOf(node.kernel)(
      { ...writer.emitter, result: (name, i = 0) => void names.set(node.outputs[i]!, name) },
      node.inputs.map(id => names.get(id)!),
      node,
      { inputs: valuesOf(node.inputs), outputs: valuesOf(node.outputs) },
    );
  }
  const results = graph.outputs.map(id => names.get(id)!);
  return {
    ...neededParts(withResults(nodes, results), initializers, graph.outputs.length),
    inputs: valuesOf(graph.inputs).map((value, i) => edge(`i${i}`, value)),
    outputs: valuesOf(graph.outputs).map((value, i) => edge(`o${i}`, value)),
  };
}

/** A constant in a file reads its numbers only when they are first used. */
const initializerOf = (
  name: string,
  { dtype, shape }: GraphValue,
  constant: GraphConstant,
): OnnxInitializer => ({
  ...{ name, dtype, shape, stored: constant.stored },
  get data() {
    return constant.data;
  },
});

/**
 * The nodes, with results named o0, o1, …. A result can be an input, or occur twice among the results. ONNX
 * needs a separate node for each, so these become copies; other values are renamed.
 */
function withResults(nodes: readonly OnnxNode[], results: readonly string[]): OnnxNode[] {
  const computed = new Set(nodes.flatMap(({ outputs }) => outputs));
  const renamed = new Map<string, string>();
  const copies: OnnxNode[] = [];
  results.forEach((name, i) => {
    if (computed.has(name) && !renamed.has(name)) renamed.set(name, `o${i}`);
    else copies.push({ op: 'Identity', inputs: [name], outputs: [`o${i}`] });
  });
  const newName = (name: string) => renamed.get(name) ?? name;
  return [...nodes, ...copies].map(node => ({
    ...node,
    inputs: node.inputs.map(newName),
    outputs: node.outputs.map(newName),
  }));
}

/**
 * Removes nodes and constants that no result depends on, since a kernel is lowered with all its results, used
 * or not.
 */
function neededParts(
  nodes: readonly OnnxNode[],
  initializers: readonly OnnxInitializer[],
  results: number,
): Pick<OnnxGraph, 'nodes' | 'initializers'> {
  const live = new Set(Array.from({ length: results }, (_, i) => `o${i}`));
  const liveNodes = nodes.toReversed().filter(({ inputs, outputs }) => {
    if (!outputs.some(name => live.has(name))) return false;
    for (const name of inputs) live.add(name);
    return true;
  });
  return { nodes: liveNodes.reverse(), initializers: initializers.filter(({ name }) => live.has(name)) };
}

const edge = (name: string, { dtype, shape }: GraphValue): OnnxValue => ({ name, dtype, shape });

/**
 * Applies the graph repeatedly with one ONNX `Scan`. The first `state` inputs come from the results of the
 * step before, the others from stacks with one slice for each step.
 */
export function lowerScan(body: OnnxGraph, state: number): OnnxGraph {
  const initial = body.inputs.slice(0, state).map(value => ({ ...value, name: `s_${value.name}` }));
  const stacks = body.inputs
    .slice(state)
    .map(value => ({ ...value, name: `x_${value.name}`, shape: ['steps', ...value.shape] }));
  const inputs = [...initial, ...stacks];
  const outputs = body.outputs.map(value => ({ ...value, name: `final_${value.name}` }));
  const scan: OnnxNode = {
    op: 'Scan',
    inputs: inputs.map(value => value.name),
    outputs: outputs.map(value => value.name),
    attributes: { body: { graph: { ...body, initializers: [] } }, num_scan_inputs: stacks.length },
  };
  return { nodes: [scan], initializers: body.initializers, inputs, outputs };
}
