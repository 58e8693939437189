import { MOST_PIECES } from './emitter.ts';
import type { OnnxGraph, OnnxNode } from './model.ts';

/** Number of nodes beyond which it takes seconds to open a graph. */
const MOST_NODES = 2000;

/** Numbers of steps that are worth one graph, the largest first. */
export const stepCounts = ({ nodes }: OnnxGraph): number[] =>
  [MOST_PIECES ** 2, MOST_PIECES].filter(steps => steps * nodes.length <= MOST_NODES);

/**
 * The graph written out `steps` times (a power of seven). It does what `lowerScan` does, for a runtime that
 * has no loops on its device. The first `state` inputs come from the results of the step before. The others
 * come from stacks with one slice for each step.
 */
export function unroll(body: OnnxGraph, state: number, steps: number): OnnxGraph {
  const constants = new Set(['', ...body.initializers.map(({ name }) => name)]);
  const carried = body.inputs.slice(0, state);
  const leaves = body.inputs.slice(state);
  const nodes: OnnxNode[] = leaves.flatMap(({ name }) => slices(`x_${name}`, 0, steps));
  let names = new Map(carried.map(({ name }) => [name, name]));
  for (let step = 0; step < steps; step++) {
    const before = names;
    const nameNow = (name: string) => before.get(name) ?? (constants.has(name) ? name : `${name}@${step}`);
    for (const { name } of leaves)
      nodes.push({ op: 'Reshape', inputs: [`x_${name}@${step}`, `shape_${name}`], outputs: [nameNow(name)] });
    for (const node of body.nodes)
      nodes.push({ ...node, inputs: node.inputs.map(nameNow), outputs: node.outputs.map(nameNow) });
    names = new Map(carried.map(({ name }, i) => [name, nameNow(body.outputs[i]!.name)]));
  }
  const shapes = leaves.map(({ name, shape }) => ({
    ...{ name: `shape_${name}`, dtype: 'int64' as const, shape: [shape.length] },
    data: BigInt64Array.from(shape.map(BigInt)),
  }));
  return {
    nodes,
    initializers: [...body.initializers, ...shapes],
    inputs: [
      ...carried,
      ...leaves.map(value => ({ ...value, name: `x_${value.name}`, shape: [steps, ...value.shape] })),
    ],
    outputs: body.outputs.map(value => ({ ...value, name: `${value.name}@${steps - 1}` })),
  };
}

/** Splits a stack of `count` slices, the first of which is number `first`, in few pieces at a time. */
function slices(stack: string, first: number, count: number, from = stack): OnnxNode[] {
  const each = count / MOST_PIECES;
  const starts = Array.from({ length: MOST_PIECES }, (_, i) => first + i * each);
  const nameOf = (start: number) => (each === 1 ? `${stack}@${start}` : `${stack}@${start}+${each}`);
  const attributes = { axis: 0, num_outputs: MOST_PIECES };
  const node = { op: 'Split', inputs: [from], outputs: starts.map(nameOf), attributes };
  return [node, ...(each === 1 ? [] : starts.flatMap(start => slices(stack, start, each, nameOf(start))))];
}
