import { MOST_PIECES } from './emitter.ts';
import type { OnnxGraph, OnnxNode } from './model.ts';

/** Nodes of a graph beyond which opening it takes seconds. */
const MOST_NODES = 2000;

/** How many steps of a graph are worth writing out in one. */
export const stepsInOne = ({ nodes }: OnnxGraph): number =>
  Math.max(1, Math.min(MOST_PIECES, Math.floor(MOST_NODES / nodes.length)));

/**
 * The graph written out `steps` times: what `lowerScan` makes of it, for a runtime that has no loops where it
 * computes. The first `state` inputs come from the results of the step before, the others from stacks with one
 * slice for each step.
 */
export function unroll(body: OnnxGraph, state: number, steps: number): OnnxGraph {
  const constants = new Set(['', ...body.initializers.map(({ name }) => name)]);
  const stacked = body.inputs.slice(state);
  const stacks = stacked.map(value => ({
    ...value,
    name: `x_${value.name}`,
    shape: [steps, ...value.shape],
  }));
  const shapes = stacked.map(({ name, shape }) => ({
    ...{ name: `shape_${name}`, dtype: 'int64' as const, shape: [shape.length] },
    data: BigInt64Array.from(shape, side => BigInt(side)),
  }));
  const nodes: OnnxNode[] = stacked.map(({ name }) => ({
    op: 'Split',
    inputs: [`x_${name}`],
    outputs: Array.from({ length: steps }, (_, step) => `x_${name}@${step}`),
    attributes: { axis: 0, num_outputs: steps },
  }));
  let names = new Map(body.inputs.slice(0, state).map(({ name }) => [name, name]));
  for (let step = 0; step < steps; step++) {
    const before = names;
    const now = (name: string) => before.get(name) ?? (constants.has(name) ? name : `${name}@${step}`);
    for (const { name } of stacked)
      nodes.push({ op: 'Reshape', inputs: [`x_${name}@${step}`, `shape_${name}`], outputs: [now(name)] });
    for (const node of body.nodes)
      nodes.push({ ...node, inputs: node.inputs.map(now), outputs: node.outputs.map(now) });
    names = new Map(body.inputs.slice(0, state).map(({ name }, i) => [name, now(body.outputs[i]!.name)]));
  }
  const last = (name: string) => `${name}@${steps - 1}`;
  return {
    nodes,
    initializers: [...body.initializers, ...shapes],
    inputs: [...body.inputs.slice(0, state), ...stacks],
    outputs: body.outputs.map(value => ({ ...value, name: last(value.name) })),
  };
}
