import type { InferenceSession } from 'onnxruntime-common';
import { type PlainTensor, type Shape, sizeOf, type Tensor } from '../../tensor/index.ts';
import { type LeafValue, replay } from '../../tensor/trace/replay.ts';
import { type Trace, trace } from '../../tensor/trace/trace.ts';
import type { Program } from '../contract.ts';
import { lower, lowerScan } from './lower.ts';
import { encodeModel } from './model.ts';
import { type OnnxRuntime, plain } from './runtime.ts';

/** One traced path of a program, for inputs of given shapes: its graph, and sessions opened when first needed. */
export interface Plan<A> {
  /** Results have the form of the inputs, so that the program can be iterated. */
  readonly closed: boolean;
  /** The numbers `args` puts into this path; undefined if they lead down another path. */
  leaves(args: A): LeafValue[] | undefined;
  run(inputs: readonly PlainTensor[], leaves: readonly LeafValue[]): Promise<PlainTensor[]>;
  iterate(state: readonly PlainTensor[], leaves: readonly (readonly LeafValue[])[]): Promise<PlainTensor[]>;
  dispose(): Promise<void>;
}

const sameShapes = (a: readonly Shape[], b: readonly Shape[]) =>
  a.length === b.length && a.every((shape, i) => shape.join() === b[i]!.join());

export function plan<A>(
  runtime: OnnxRuntime,
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
  const straight = lazySession(runtime, () => encodeModel(lowered()));
  const repeated = lazySession(runtime, () => encodeModel(lowerScan(lowered(), shapes.length)));
  return {
    closed: sameShapes(shapes, resultShapes) && traced.leafShapes.length > 0,
    leaves: values => replay(traced, rerun(values)),
    run: async (inputs, leaves) =>
      execute(await straight.open(), runtime, [...inputs, ...leafTensors(traced, leaves)]),
    iterate: async (state, leaves) =>
      execute(await repeated.open(), runtime, [...state, ...stacks(traced, leaves)]),
    dispose: async () => {
      await straight.close();
      await repeated.close();
    },
  };
}

interface LazySession {
  open(): Promise<InferenceSession>;
  close(): Promise<void>;
}

function lazySession(runtime: OnnxRuntime, model: () => Uint8Array): LazySession {
  let session: Promise<InferenceSession> | undefined;
  return {
    open: () => (session ??= runtime.open(model())),
    close: async () => {
      await (await session)?.release();
      session = undefined;
    },
  };
}

async function execute(
  session: InferenceSession,
  runtime: OnnxRuntime,
  inputs: readonly PlainTensor[],
): Promise<PlainTensor[]> {
  // onnxruntime drops the inputs that its optimiser found unused from no list: all names of the model are fed.
  const feeds = Object.fromEntries(session.inputNames.map((name, i) => [name, runtime.wrap(inputs[i]!)]));
  const results = await session.run(feeds);
  return session.outputNames.map(name => plain(results[name]!));
}

const float32 = (value: LeafValue): Float32Array =>
  typeof value === 'number'
    ? Float32Array.of(value)
    : value instanceof Float32Array
      ? value
      : Float32Array.from(value);

const leafTensors = (traced: Trace, leaves: readonly LeafValue[]): PlainTensor[] =>
  leaves.map((value, i) => ({ data: float32(value), shape: traced.leafShapes[i]! }));

/** The leaves of several steps, one stack for each leaf: [steps, ...shape]. */
function stacks(traced: Trace, steps: readonly (readonly LeafValue[])[]): PlainTensor[] {
  return traced.leafShapes.map((shape, i) => {
    const size = sizeOf(shape);
    const data = new Float32Array(steps.length * size);
    steps.forEach((leaves, k) => {
      const value = leaves[i]!;
      if (typeof value === 'number') data[k] = value;
      else data.set(value, k * size);
    });
    return { data, shape: [steps.length, ...shape] };
  });
}
