import { interpretedBy, type Mode } from '../mode.ts';
import { inner, outer } from '../operands.ts';
import { tf } from '../tf.ts';
import type { PlainTensor, Shape, Tensor } from '../types.ts';
import { recording, symbol, traced } from './backend.ts';
import { graphBuilder } from './builder.ts';
import { type Combination, combinations, type Numbers, numbersOf, ofKept } from './combination.ts';
import { type Graph, type GraphValue, reachable } from './graph.ts';

/** A host value that entered the program, and whether any result needs it. */
export interface Leaf {
  readonly shape: Shape;
  readonly output: Tensor;
  used: boolean;
}

/** One event of a program: enough to recognise the same program again without computing. */
export type Event =
  | { readonly kind: 'leaf'; readonly leaf: Leaf }
  | {
      readonly kind: 'combination';
      readonly combination: Combination;
      /** The coefficients of the remaining parts: one for each, or one row of all. */
      readonly leaves: readonly Leaf[];
      readonly output: Tensor;
    }
  | {
      readonly kind: 'operation';
      readonly name: string;
      readonly inputs: readonly Tensor[];
      readonly attributes: readonly unknown[];
      readonly outputs: Tensor[];
    };

/** The position of a network among the nodes of a graph, outside of any derivative. */
export interface NetworkSpan {
  readonly identity: object;
  readonly from: number;
  readonly to: number;
}

/**
 * A traced program: its graph (inputs: weights, arguments, leaves) and the events that a replay must repeat.
 */
export interface Trace {
  readonly graph: Graph;
  readonly events: readonly Event[];
  readonly symbols: readonly Tensor[];
  readonly leafShapes: readonly Shape[];
  readonly networks: readonly NetworkSpan[];
}

export type Constants = readonly PlainTensor[];

/**
 * Traces `program`, called with symbols for the constants and for inputs of the given shapes. Constants
 * become constants of the graph. Every host value that meets a tensor becomes one more input, in order of
 * occurrence.
 */
export function trace(
  constants: Constants,
  shapes: readonly Shape[],
  program: (constants: Tensor[], inputs: Tensor[]) => Tensor[],
): Trace & { readonly constantSymbols: readonly Tensor[] } {
  const builder = graphBuilder();
  const events: Event[] = [];
  const leaves: Leaf[] = [];
  const networks: NetworkSpan[] = [];
  return recording(builder, () => {
    const fixed = constants.map(c => outer(symbol(builder.constant(c, c.shape, 'float32'))));
    const inputs = shapes.map(shape => builder.value(shape, 'float32'));
    const symbols = inputs.map(value => outer(symbol(value)));
    const placeholder = (shape: Shape) => {
      const leaf = { shape, output: outer(symbol(builder.value(shape, 'float32'))), used: true };
      leaves.push(leaf);
      return leaf;
    };
    const mode = tracing(events, placeholder, (identity, run) => {
      const from = builder.count();
      const outputs = run();
      networks.push({ identity, from, to: builder.count() });
      return outputs;
    });
    const results = interpretedBy(mode, () => program(fixed, symbols));
    const outputs = results.map(x => traced(inner(x)));
    const reachableIds = reachable(builder.finish([], outputs));
    // Numbers that no result needs are removed: nested combinations leave some behind.
    const symbolOf = ({ output }: Leaf): GraphValue => traced(inner(output));
    for (const leaf of leaves) leaf.used = reachableIds.has(symbolOf(leaf).id);
    const leafValues = leaves.filter(leaf => leaf.used).map(symbolOf);
    const graph = builder.finish([...inputs, ...leafValues], outputs);
    const leafShapes = leafValues.map(value => value.shape);
    return { graph, events, symbols, constantSymbols: fixed, leafShapes, networks };
  });
}

function tracing(
  events: Event[],
  placeholder: (shape: Shape) => Leaf,
  network: (identity: object, run: () => Tensor[]) => Tensor[],
): Mode {
  const derivatives = { within: 0 };
  const tracker = combinations();
  const numbers: Numbers[] = [];
  const record = (
    name: string,
    inputs: readonly Tensor[],
    attributes: readonly unknown[],
    outputs: Tensor[],
  ) => {
    events.push({ kind: 'operation', name, inputs: [...inputs], attributes, outputs });
    tracker.use(inputs);
    return outputs;
  };
  return {
    leaf(_data, shape) {
      const leaf = placeholder(shape);
      events.push({ kind: 'leaf', leaf });
      return leaf.output;
    },
    apply(name, inputs, attributes, run) {
      const alone = name === 'opaque' && derivatives.within === 0;
      return record(name, inputs, attributes, alone ? network(attributes[0] as object, run) : run());
    },
    differentiate(name, inputs, forward, run) {
      derivatives.within++;
      const outputs = run(forward);
      derivatives.within--;
      return record(name, inputs, [], outputs);
    },
    combine(terms, total) {
      const combination = tracker.plan(terms.map(([, x]) => x));
      numbers[combination.index] = numbersOf(terms);
      const coefficients = ofKept(combination, numbers);
      const tensors = combination.kept.map(part => part.tensor);
      const leaves: Leaf[] = [];
      const written = writing(shape => {
        const leaf = placeholder(shape);
        leaves.push(leaf);
        return leaf.output;
      });
      const output = interpretedBy(written, () => total(tensors.map((x, i) => [coefficients[i]!, x])));
      tracker.use(tensors);
      tracker.made(output, combination);
      events.push({ kind: 'combination', combination, leaves, output });
      return output;
    },
    separate: tracker.separate,
    baked,
  };
}

/** Inside a combination, which is one event: its leaves are recorded, its operations are not. */
const writing = (leaf: (shape: Shape) => Tensor): Mode => ({
  leaf: (_data, shape) => leaf(shape),
  apply: (_name, _inputs, _attributes, run) => run(),
  differentiate: (_name, _inputs, forward, run) => run(forward),
  baked,
});

/** Inside a network host numbers are constants, and nothing is recorded: the whole network is one event. */
const baked: Mode = {
  leaf: (data, shape) =>
    outer(typeof data === 'number' ? tf.scalar(data) : tf.tensor(Float32Array.from(data), [...shape])),
  apply: (_name, _inputs, _attributes, run) => run(),
  differentiate: (_name, _inputs, forward, run) => run(forward),
};
