import type { PlainTensor, Shape, Tensor } from '../../../tensor/index.ts';
import { heldNumbers } from '../../../tensor/trace/held.ts';
import { type LeafValue, replay } from '../../../tensor/trace/replay.ts';
import { type Trace, trace } from '../../../tensor/trace/trace.ts';
import type { Program } from '../../contract.ts';
import { lower } from '../compile/lower.ts';
import type { Networks } from './networks.ts';
import { leafTensors, repetition } from './repetition.ts';
import type { OnnxRuntime } from './runtime.ts';
import { sessionsOf } from './sessions.ts';
import { staged } from './staged.ts';

/**
 * One traced branch of a program, for inputs of given shapes: its graph, and its sessions, which open at
 * first use.
 */
export interface Plan<A> {
  /** Whether the results have the same shapes as the inputs, so that the program can be iterated. */
  readonly closed: boolean;
  /** About the most numbers that its open sessions hold. */
  numbers(): number;
  /** The host numbers of `args` on this branch; undefined if `args` lead to another branch. */
  leaves(args: A): LeafValue[] | undefined;
  run(
    inputs: readonly PlainTensor[],
    leaves: readonly LeafValue[],
    lane: number | undefined,
  ): Promise<PlainTensor[]>;
  iterate(
    state: readonly PlainTensor[],
    leaves: readonly (readonly LeafValue[])[],
    lane: number | undefined,
  ): Promise<PlainTensor[]>;
  dispose(): Promise<void>;
}

const sameShapes = (a: readonly Shape[], b: readonly Shape[]) =>
  a.length === b.length && a.every((shape, i) => shape.join() === b[i]!.join());

export function plan<A>(
  runtime: OnnxRuntime,
  networks: Networks,
  program: Program<A>,
  weights: readonly PlainTensor[],
  shapes: readonly Shape[],
  args: A,
): Plan<A> {
  const traced = trace(weights, shapes, (constants, inputs) => program(constants, inputs, args));
  const resultShapes = traced.graph.outputs.map(id => traced.graph.values[id]!.shape);
  const rerun = (values: A) => () =>
    program(traced.constantSymbols as Tensor[], traced.symbols as Tensor[], values);
  const lowered = () => lower(traced.graph, runtime);
  const held = heldNumbers(traced.graph);
  const handed = handedThrough(traced);
  const stages = staged(runtime, networks, traced, weights);
  const straight = sessionsOf(runtime, () => runtime.pack(lowered()));
  const repeated = repetition(runtime, traced, lowered, shapes.length, straight);
  return {
    closed: sameShapes(shapes, resultShapes) && traced.leafShapes.length > 0,
    numbers: () => stages?.numbers() ?? held * (straight.count() + repeated.count()),
    leaves: values => replay(traced, rerun(values)),
    async run(inputs, leaves, lane) {
      if (handed) return handed.map(i => inputs[i]!);
      const all = [...inputs, ...leafTensors(traced, leaves)];
      return stages ? stages.run(all, lane) : (await straight.on(lane)).run(all);
    },
    async iterate(state, leaves, lane) {
      if (!stages) return repeated.iterate(state, leaves, lane);
      let current = [...state];
      for (const step of leaves) current = await stages.run([...current, ...leafTensors(traced, step)], lane);
      return current;
    },
    dispose: async () => {
      await Promise.all([straight.close(), repeated.close(), stages?.close()]);
    },
  };
}

/** For a program that computes nothing: the index of the input that each result equals. */
function handedThrough({ graph }: Trace): number[] | undefined {
  const places = graph.outputs.map(id => graph.inputs.indexOf(id));
  return places.includes(-1) ? undefined : places;
}
