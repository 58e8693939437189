import { failure } from '../../../errors.ts';
import type { OnnxGraph, OnnxInitializer, OnnxNode, OnnxValue } from './model.ts';

/**
 * Batch sizes for trial graphs, which show what depends on the batch. They are primes, which are unlikely
 * sizes of a layer.
 */
const ROWS = [5, 7, 11] as const;
const BATCH = 'batch_size';

/**
 * One graph for every batch size, from a builder of graphs for fixed sizes. The trial graphs may differ only
 * in whole numbers α·B + β. Axis lengths in shapes become symbolic; constants that are shapes are computed in
 * the graph from the first input.
 * @throws failure if the graphs differ in anything else
 */
export function symbolicBatch(build: (rows: number) => OnnxGraph): OnnxGraph {
  const derived: OnnxNode[] = [];
  const constants: OnnxInitializer[] = [];
  const graph = unified(ROWS.map(build), derived, constants);
  if (derived.length === 0) return graph;
  const size: OnnxNode = {
    op: 'Shape',
    inputs: [graph.inputs[0]!.name],
    outputs: [BATCH],
    attributes: { start: 0, end: 1 },
  };
  return {
    ...graph,
    nodes: [size, ...derived, ...graph.nodes],
    initializers: [...graph.initializers, ...constants],
  };
}

function unified(graphs: readonly OnnxGraph[], derived: OnnxNode[], constants: OnnxInitializer[]): OnnxGraph {
  const [first] = graphs as [OnnxGraph];
  const all = <T>(pick: (graph: OnnxGraph) => readonly T[]): T[][] => {
    if (graphs.some(graph => pick(graph).length !== pick(first).length)) throw dependent('its operations');
    return pick(first).map((_, i) => graphs.map(graph => pick(graph)[i]!));
  };
  const nodes = all(graph => graph.nodes).map(group => unifiedNode(group, derived, constants));
  const initializers = all(graph => graph.initializers).flatMap(group => {
    if (group.every(each => equalData(each, group[0]!))) return group[0]!;
    const [{ name, dtype }] = group as [OnnxInitializer];
    if (dtype !== 'int64' || group.some(each => each.data.length !== group[0]!.data.length))
      throw dependent(`a constant (${name})`);
    const lines = [...group[0]!.data].map((_, i) =>
      line(
        group.map(each => Number(each.data[i])),
        name,
      ),
    );
    const free = lines.filter(({ slope }) => slope !== 0).length;
    if (free === 1 && nodes.every(({ op, inputs }) => op === 'Reshape' || !inputs.includes(name))) {
      return integers(
        name,
        lines.map(({ slope, offset }) => (slope === 0 ? offset : -1)),
      );
    }
    derive(name, lines, derived, constants);
    return [];
  });
  return {
    nodes,
    initializers,
    inputs: all(graph => graph.inputs).map(unifiedValue),
    outputs: all(graph => graph.outputs).map(unifiedValue),
  };
}

/** name = slope·B + offset, in the graph. */
function derive(
  name: string,
  lines: readonly { slope: number; offset: number }[],
  nodes: OnnxNode[],
  constants: OnnxInitializer[],
): void {
  constants.push(
    integers(
      `${name}_slope`,
      lines.map(each => each.slope),
    ),
  );
  constants.push(
    integers(
      `${name}_offset`,
      lines.map(each => each.offset),
    ),
  );
  nodes.push({ op: 'Mul', inputs: [BATCH, `${name}_slope`], outputs: [`${name}_part`] });
  nodes.push({ op: 'Add', inputs: [`${name}_part`, `${name}_offset`], outputs: [name] });
}

const integers = (name: string, values: readonly number[]): OnnxInitializer => ({
  name,
  dtype: 'int64',
  shape: [values.length],
  data: BigInt64Array.from(values.map(BigInt)),
});

/** The line through the values at the trial sizes. */
function line(values: readonly number[], where: string): { slope: number; offset: number } {
  const slope = (values[1]! - values[0]!) / (ROWS[1] - ROWS[0]);
  const offset = values[0]! - slope * ROWS[0];
  const fits = values.every((value, i) => value === slope * ROWS[i]! + offset);
  if (fits && Number.isInteger(slope) && Number.isInteger(offset)) return { slope, offset };
  throw dependent(`a shape (${where})`);
}

function unifiedNode(
  nodes: readonly OnnxNode[],
  derived: OnnxNode[],
  constants: OnnxInitializer[],
): OnnxNode {
  const [{ attributes = {}, ...first }] = nodes as [OnnxNode];
  const alike = nodes.every(({ attributes: _, ...each }) => JSON.stringify(each) === JSON.stringify(first));
  if (!alike) throw dependent('its operations');
  const entries = Object.entries(attributes).map(([key, value]) => {
    const values = nodes.map(each => each.attributes?.[key]);
    if (typeof value === 'object' && 'graph' in value) {
      const bodies = values.map(each => (each as { graph: OnnxGraph }).graph);
      return [key, { graph: unified(bodies, derived, constants) }] as const;
    }
    if (values.some(each => JSON.stringify(each) !== JSON.stringify(value)))
      throw dependent(`the attribute "${key}" of ${first.op}`);
    return [key, value] as const;
  });
  return entries.length === 0 ? first : { ...first, attributes: Object.fromEntries(entries) };
}

function unifiedValue(values: readonly OnnxValue[]): OnnxValue {
  const [first] = values as [OnnxValue];
  const shape = first.shape.map((side, axis) => {
    const sides = values.map(each => each.shape[axis]!);
    if (sides.every(each => each === side)) return side;
    const { slope, offset } = line(sides.map(Number), first.name);
    if (slope === 1 && offset === 0) return 'batch';
    return `${slope}*batch${offset === 0 ? '' : `+${offset}`}`;
  });
  return { ...first, shape };
}

const bytesOf = ({ data }: OnnxInitializer) => new Uint8Array(data.buffer, data.byteOffset, data.byteLength);

function equalData(a: OnnxInitializer, b: OnnxInitializer): boolean {
  if (a.shape.join() !== b.shape.join()) return false;
  if (a.data === b.data) return true;
  const [ours, theirs] = [bytesOf(a), bytesOf(b)];
  return ours.length === theirs.length && ours.every((byte, i) => byte === theirs[i]);
}

const dependent = (what: string) =>
  failure('The batch size cannot be left open', {
    got: `${what} depends on it in a way that a graph cannot state`,
    remedy: 'Give one: --batch N',
  });
