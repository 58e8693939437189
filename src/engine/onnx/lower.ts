import { type DType, type Graph, type GraphValue, reachable } from '../../tensor/trace/graph.ts';
import { type Emitter, loweringOf } from './lowerings.ts';
import type { AttributeValue, OnnxGraph, OnnxInitializer, OnnxNode, OnnxValue } from './model.ts';

export interface LowerOptions {
  /** Keep to the operators of the ONNX standard, for runtimes other than ours; default: false. */
  readonly portable?: boolean;
  /** Channels that the runtime's own layout for convolutions keeps together, where it has one. */
  readonly block?: number;
}

/** A traced graph as an ONNX graph. Inputs are named i0, i1, …, results o0, o1, …. */
export function lower(graph: Graph, options: LowerOptions = {}): OnnxGraph {
  const names = new Map<number, string>(graph.inputs.map((id, i) => [id, `i${i}`]));
  const nodes: OnnxNode[] = [];
  const initializers: OnnxInitializer[] = [];
  const used = reachable(graph);
  for (const [id, data] of graph.constants) {
    if (!used.has(id)) continue;
    const { shape, dtype } = graph.values[id]!;
    initializers.push({ name: `c${id}`, dtype, shape, data });
    names.set(id, `c${id}`);
  }
  const known = new Set(initializers.map(({ name }) => name));
  const valuesOf = (ids: readonly number[]): GraphValue[] => ids.map(id => graph.values[id]!);
  for (const node of graph.nodes) {
    if (!node.outputs.some(id => used.has(id))) continue;
    const to = emitter(nodes, initializers, known, options, (name, i = 0) =>
      names.set(node.outputs[i]!, name),
    );
    const values = { inputs: valuesOf(node.inputs), outputs: valuesOf(node.outputs) };
    loweringOf(node.kernel)(
      to,
      node.inputs.map(id => names.get(id)!),
      node,
      values,
    );
  }
  const results = graph.outputs.map(id => names.get(id)!);
  return {
    ...needed(withResults(nodes, results), initializers, graph.outputs.length),
    inputs: valuesOf(graph.inputs).map((value, i) => edge(`i${i}`, value)),
    outputs: valuesOf(graph.outputs).map((value, i) => edge(`o${i}`, value)),
  };
}

/**
 * The nodes with results named o0, o1, …. A result may be an input or stand twice among the results: ONNX wants a node of its own
 * for each, which is a copy; other values are renamed.
 */
function withResults(nodes: readonly OnnxNode[], results: readonly string[]): OnnxNode[] {
  const made = new Set(nodes.flatMap(({ outputs }) => outputs));
  const renamed = new Map<string, string>();
  const copies: OnnxNode[] = [];
  results.forEach((name, i) => {
    if (made.has(name) && !renamed.has(name)) renamed.set(name, `o${i}`);
    else copies.push({ op: 'Identity', inputs: [name], outputs: [`o${i}`] });
  });
  const now = (name: string) => renamed.get(name) ?? name;
  return [...nodes, ...copies].map(node => ({
    ...node,
    inputs: node.inputs.map(now),
    outputs: node.outputs.map(now),
  }));
}

/** Without the nodes and constants that no result asks for: a kernel lowers to all its results, wanted or not. */
function needed(
  nodes: readonly OnnxNode[],
  initializers: readonly OnnxInitializer[],
  results: number,
): Pick<OnnxGraph, 'nodes' | 'initializers'> {
  const asked = new Set(Array.from({ length: results }, (_, i) => `o${i}`));
  const kept = nodes.toReversed().filter(({ inputs, outputs }) => {
    if (!outputs.some(name => asked.has(name))) return false;
    for (const name of inputs) asked.add(name);
    return true;
  });
  return { nodes: kept.reverse(), initializers: initializers.filter(({ name }) => asked.has(name)) };
}

const edge = (name: string, { dtype, shape }: GraphValue): OnnxValue => ({ name, dtype, shape });

function emitter(
  nodes: OnnxNode[],
  initializers: OnnxInitializer[],
  known: Set<string>,
  { portable = false, block }: LowerOptions,
  result: Emitter['result'],
): Emitter {
  const fresh = (hint: string) => `${hint}${nodes.length + initializers.length}`;
  const constant = (initializer: Omit<OnnxInitializer, 'name'>) => {
    const name = fresh('k');
    initializers.push({ name, ...initializer });
    known.add(name);
    return name;
  };
  const push = (
    op: string,
    inputs: readonly string[],
    count: number,
    attributes?: Record<string, AttributeValue>,
    domain?: string,
  ) => {
    const base = fresh('v');
    const outputs = Array.from({ length: count }, (_, i) => (i === 0 ? base : `${base}_${i}`));
    if (inputs.every(name => known.has(name))) for (const name of outputs) known.add(name);
    nodes.push({ op, inputs, outputs, ...(attributes && { attributes }), ...(domain && { domain }) });
    return outputs;
  };
  return {
    portable,
    ...(block && { block }),
    known: name => known.has(name),
    emit: (op, inputs, attributes, domain) => push(op, inputs, 1, attributes, domain)[0]!,
    emitMany: (op, inputs, count, attributes) => push(op, inputs, count, attributes),
    ints: values =>
      constant({ dtype: 'int64', shape: [values.length], data: BigInt64Array.from(values.map(BigInt)) }),
    floats: (shape, values) => constant({ dtype: 'float32', shape, data: Float32Array.from(values) }),
    scalar: (value, dtype: DType = 'float32') =>
      constant({ dtype, shape: [], data: scalarData(value, dtype) }),
    result,
  };
}

function scalarData(value: number, dtype: DType): Float32Array | Int32Array | Uint8Array {
  if (dtype === 'float32') return Float32Array.of(value);
  return dtype === 'int32' ? Int32Array.of(value) : Uint8Array.of(value);
}

/**
 * The graph applied again and again by one ONNX `Scan`: the first `state` inputs are fed from the results, the others
 * come as stacks with one slice for each step.
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
