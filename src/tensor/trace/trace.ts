import { interpretedBy, type Mode } from '../mode.ts';
import { inner, outer } from '../operands.ts';
import { noCombinations } from '../ops/combine.ts';
import { tf } from '../tf.ts';
import type { Shape, Tensor } from '../types.ts';
import { recording, symbol, traced } from './backend.ts';
import { graphBuilder } from './builder.ts';
import { type Graph, type GraphValue, reachable } from './graph.ts';

/** One event of a program as its text ran: enough to recognise the same program again without computing. */
export type Event =
  | { readonly kind: 'leaf'; readonly shape: Shape; readonly output: Tensor; used: boolean }
  | {
      readonly kind: 'operation';
      readonly name: string;
      readonly inputs: readonly Tensor[];
      readonly attributes: readonly unknown[];
      readonly outputs: Tensor[];
    };

/** A program once traced: its graph (inputs: weights, arguments, leaves) and the events that a replay must meet again. */
export interface Trace {
  readonly graph: Graph;
  readonly events: readonly Event[];
  readonly symbols: readonly Tensor[];
  readonly leafShapes: readonly Shape[];
}

export type Constants = readonly { readonly data: Float32Array; readonly shape: Shape }[];

/**
 * Traces `program`, called with symbols for the constants and for inputs of the given shapes. Constants become constants
 * of the graph; every host value that meets a tensor becomes one more input, in the order met.
 */
export function trace(
  constants: Constants,
  shapes: readonly Shape[],
  program: (constants: Tensor[], inputs: Tensor[]) => Tensor[],
): Trace & { readonly constantSymbols: readonly Tensor[] } {
  const builder = graphBuilder();
  const events: Event[] = [];
  const leaves: GraphValue[] = [];
  return recording(builder, () => {
    const fixed = constants.map(c => outer(symbol(builder.constant(c.data, c.shape, 'float32'))));
    const inputs = shapes.map(shape => builder.value(shape, 'float32'));
    const symbols = inputs.map(value => outer(symbol(value)));
    const mode = tracing(events, shape => {
      const value = builder.value(shape, 'float32');
      leaves.push(value);
      return outer(symbol(value));
    });
    const results = interpretedBy(mode, () => program(fixed, symbols));
    const outputs = results.map(x => traced(inner(x)));
    const used = reachable(builder.finish([], outputs));
    // Numbers that no result needs are left out: combinations of combinations leave such behind.
    for (const event of events)
      if (event.kind === 'leaf') event.used = used.has(traced(inner(event.output)).id);
    const needed = leaves.filter(value => used.has(value.id));
    const graph = builder.finish([...inputs, ...needed], outputs);
    return { graph, events, symbols, constantSymbols: fixed, leafShapes: needed.map(v => v.shape) };
  });
}

function tracing(events: Event[], placeholder: (shape: Shape) => Tensor): Mode {
  const combinations = noCombinations();
  const record = (
    name: string,
    inputs: readonly Tensor[],
    attributes: readonly unknown[],
    outputs: Tensor[],
  ) => {
    events.push({ kind: 'operation', name, inputs: [...inputs], attributes, outputs });
    combinations.use(inputs);
    return outputs;
  };
  return {
    leaf(_data, shape) {
      const output = placeholder(shape);
      events.push({ kind: 'leaf', shape, output, used: true });
      return output;
    },
    apply: (name, inputs, attributes, run) => record(name, inputs, attributes, run()),
    differentiate: (name, inputs, forward, run) => record(name, inputs, [], run(forward)),
    combinations,
    baked,
  };
}

/** Inside a network host numbers are constants, and nothing is recorded: the whole network is one event. */
const baked: Mode = {
  leaf: (data, shape) =>
    outer(typeof data === 'number' ? tf.scalar(data) : tf.tensor(Float32Array.from(data), [...shape])),
  apply: (_name, _inputs, _attributes, run) => run(),
  differentiate: (_name, _inputs, forward, run) => run(forward),
  get baked() {
    return baked;
  },
};
