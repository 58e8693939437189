import { availableParallelism } from 'node:os';
import type { InferenceSession, OnnxValue, TypedTensor } from 'onnxruntime-common';
import { failure } from '../../errors.ts';
import type { PlainTensor } from '../../tensor/index.ts';
import { findBlock } from './blocked.ts';
import { type Provider, providersOf, requireProvider } from './providers.ts';

export interface OnnxOptions {
  /** Threads inside one operator; default: the cores this process may use. */
  readonly threads?: number;
  /** Execution provider by onnxruntime's name: `cpu` (default), `cuda`, `tensorrt`, `webgpu`, `coreml`, `dml`. */
  readonly provider?: string;
}

/** onnxruntime as this engine uses it. */
export interface OnnxRuntime {
  /** Channels that its own layout for convolutions keeps together, where it has one. */
  readonly block?: number;
  open(model: Uint8Array): Promise<InferenceSession>;
  wrap(value: PlainTensor): TypedTensor<'float32'>;
}

/**
 * How long an idle thread waits in a loop before it sleeps. onnxruntime's own default keeps it spinning, which is as fast on an
 * idle machine and three to five times slower where other work shares the cores.
 */
const SPIN = '50';

/** Loads onnxruntime-node; a clear error where its native library is absent or the provider does not start. */
export async function loadRuntime({ threads, provider = 'cpu' }: OnnxOptions = {}): Promise<OnnxRuntime> {
  const ort = await loadLibrary();
  const options: InferenceSession.SessionOptions = {
    executionProviders: [provider],
    intraOpNumThreads: threads ?? availableParallelism(),
    graphOptimizationLevel: 'all',
    executionMode: 'sequential',
    // One block planned for all values of a run is filled in full: nearly twice the memory of values freed one by one, and slower.
    enableMemPattern: false,
    logSeverityLevel: 3,
    extra: { session: { set_denormal_as_zero: '1', 'intra_op.spin_duration_us': SPIN } },
  };
  await requireProvider(ort, provider, options);
  const open = (model: Uint8Array) => ort.InferenceSession.create(model, options);
  const block = provider === 'cpu' ? await findBlock(ort, open) : undefined;
  return {
    ...(block && { block }),
    open,
    wrap: ({ data, shape }) => new ort.Tensor('float32', data, [...shape]),
  };
}

/** The execution providers that onnxruntime knows on this system, started or not. */
export const listProviders = async (): Promise<readonly Provider[]> => providersOf(await loadLibrary());

async function loadLibrary(): Promise<typeof import('onnxruntime-node')> {
  const ort = await import('onnxruntime-node').catch((cause: Error) => {
    throw failure('The engine "onnx" did not start', {
      got: cause.message.split('\n')[0],
      expected: 'the package onnxruntime-node with its native library',
      remedy: 'Install it with `npm install onnxruntime-node --ignore-scripts`, or choose --engine wasm',
    });
  });
  // Its faults come as exceptions, with our words around them; written to stderr as well they would be told twice.
  ort.env.logLevel = 'fatal';
  return ort;
}

export const plain = (value: OnnxValue): PlainTensor => {
  const tensor = value as TypedTensor<'float32'>;
  return { data: tensor.data, shape: tensor.dims };
};

/** Runs the bytes of a model once in a session of its own. */
export async function runModel(
  bytes: Uint8Array,
  feeds: Readonly<Record<string, PlainTensor>>,
): Promise<Record<string, PlainTensor>> {
  const { open, wrap } = await loadRuntime();
  const session = await open(bytes);
  try {
    const results = await session.run(
      Object.fromEntries(Object.entries(feeds).map(([name, value]) => [name, wrap(value)])),
    );
    return Object.fromEntries(Object.entries(results).map(([name, value]) => [name, plain(value)]));
  } finally {
    await session.release();
  }
}
