import { tf } from '../tf.ts';
import type { GraphBuilder } from './builder.ts';
import type { ConstantData, DType, GraphValue } from './graph.ts';
import type { KernelShape } from './kernel-shape.ts';
import { kernelShapes } from './shapes.ts';
import { explained, FRAMES, readInside } from './untraceable.ts';

/** The name of the recording backend in tfjs. */
export const TRACE = 'langevin-trace';

/**
 * A tfjs backend that records kernel calls instead of computing them. The identity of a value (`dataId`) is
 * its place in the graph, so tfjs's own automatic differentiation is traced like everything else.
 */
class RecordingBackend extends tf.KernelBackend {
  builder: GraphBuilder | undefined;

  override write(values: ConstantData, shape: number[], dtype: DType): object {
    return this.current().constant({ data: values.slice() }, shape, dtype);
  }
  override incRef(): void {}
  decRef(): void {}
  override refCount = () => 1;
  override disposeData = () => true;
  override numDataIds = () => 0;
  override memory = () => ({ unreliable: true });
  override floatPrecision = (): 16 | 32 => 32;
  override epsilon = () => 1e-7;
  override readSync = (): never => {
    throw readInside();
  };
  override read = async (): Promise<never> => this.readSync();

  current(): GraphBuilder {
    if (!this.builder) throw new Error('the tracing backend is used outside a trace');
    return this.builder;
  }
}

const graphValueOf = (info: { dataId: object }): GraphValue => info.dataId as GraphValue;
const infoOf = (value: GraphValue) => ({ dataId: value, shape: [...value.shape], dtype: value.dtype });

function gather(shape: KernelShape, inputs: object): GraphValue[] {
  const byName = inputs as Record<string, { dataId: object }>;
  const list = shape.inputs === 'list' ? Object.values(byName) : shape.inputs.map(name => byName[name]!);
  return list.map(graphValueOf);
}

function register(name: string, shape: KernelShape): void {
  tf.registerKernel({
    kernelName: name,
    backendName: TRACE,
    kernelFunc: ({ inputs, attrs, backend }) => {
      const { builder } = backend as RecordingBackend;
      const from = gather(shape, inputs);
      const attributes = (attrs ?? {}) as Record<string, unknown>;
      const results = shape.infer(from, attributes).map(({ shape: s, dtype }) => builder!.value(s, dtype));
      builder!.node(name, from, attributes, results);
      const infos = results.map(infoOf);
      return (name === 'SplitV' || infos.length > 1 ? infos : infos[0]) as never;
    },
  });
}

function makeBackend(): RecordingBackend {
  const backend = new RecordingBackend();
  // A copy is the value itself: nothing is ever written in place.
  for (const name of ['Identity', 'StopGradient']) {
    tf.registerKernel({
      kernelName: name,
      backendName: TRACE,
      kernelFunc: ({ inputs }) => ({ ...inputs.x }) as never,
    });
  }
  for (const [name, shape] of Object.entries(kernelShapes)) register(name, shape);
  tf.registerBackend(TRACE, () => backend);
  return backend;
}

let registered: RecordingBackend | undefined;

/** Runs `body` while tfjs records into `builder`, then restores the former backend. */
export function recording<T>(builder: GraphBuilder, body: () => T): T {
  registered ??= makeBackend();
  const former = tf.getBackend();
  void tf.setBackend(TRACE);
  const outside = registered.builder;
  registered.builder = builder;
  const frames = Error.stackTraceLimit;
  Error.stackTraceLimit = Math.max(frames, FRAMES);
  try {
    const result: { value?: T } = {};
    // The symbols are used later only as identities. Passing them through a tidy would keep them alive.
    tf.tidy(() => {
      result.value = body();
    });
    return result.value as T;
  } catch (error) {
    throw explained(error, TRACE);
  } finally {
    Error.stackTraceLimit = frames;
    registered.builder = outside;
    if (former) void tf.setBackend(former);
  }
}

/** A tensor of the recording backend that represents `value`. */
export const symbol = (value: GraphValue): tf.Tensor => tf.engine().makeTensorFromTensorInfo(infoOf(value));
export const traced = (x: tf.Tensor): GraphValue => graphValueOf(x);
