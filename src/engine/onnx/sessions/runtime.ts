import { arch, availableParallelism } from 'node:os';
import type { InferenceSession, TypedTensor } from 'onnxruntime-common';
import { notLoaded } from '../../../errors.ts';
import type { PlainTensor } from '../../../tensor/index.ts';
import { type PackedModel, withFiles } from '../compile/packed.ts';
import { findBlock } from './blocked.ts';
import { makeLanes } from './lanes.ts';
import { type Provider, providersOf, requireProvider } from './providers.ts';
import { type Create, modelStore } from './store.ts';

export interface OnnxOptions {
  /** Threads inside one operator; default: the cores this process may use. */
  readonly threads?: number;
  /** Execution provider by onnxruntime's name: `cpu` (default), `cuda`, `tensorrt`, `webgpu`, `coreml`, `dml`. */
  readonly provider?: string;
  /**
   * Folder in which large models are kept as they were laid out for this machine (8 GiB at most): opened sooner the next time, and
   * from there on mapped in place of copied. Default: none is.
   */
  readonly cache?: string;
}

/** A graph made ready to run; inputs and results come in the order of the model. */
export interface Session {
  run(inputs: readonly PlainTensor[]): Promise<PlainTensor[]>;
  release(): Promise<void>;
}

/** onnxruntime as this engine uses it. */
export interface OnnxRuntime {
  /** Channels that its own layout for convolutions keeps together, where it has one. */
  readonly block?: number;
  /** Sessions that can run side by side on threads of their own. */
  readonly lanes: number;
  /** On all threads, or on the one of a lane. */
  open(model: PackedModel, lane?: number): Promise<Session>;
}

/**
 * How long an idle thread waits in a loop before it sleeps. onnxruntime's own default keeps it spinning, which is as fast on an
 * idle machine and three to five times slower where other work shares the cores.
 */
const SPIN = '50';

/** Loads onnxruntime-node; a clear error where its native library is absent or the provider does not start. */
export async function loadRuntime({
  threads,
  provider = 'cpu',
  cache,
}: OnnxOptions = {}): Promise<OnnxRuntime> {
  const ort = await loadLibrary();
  const options = {
    executionProviders: [provider],
    intraOpNumThreads: threads ?? availableParallelism(),
    graphOptimizationLevel: 'all',
    executionMode: 'sequential',
    // One block planned for all values of a run is filled in full: nearly twice the memory of values freed one by one, and slower.
    enableMemPattern: false,
    logSeverityLevel: 3,
    extra: { session: { set_denormal_as_zero: '1', 'intra_op.spin_duration_us': SPIN } },
  } satisfies InferenceSession.SessionOptions;
  await requireProvider(ort, provider, options);
  const create: Create = (bytes, given) => ort.InferenceSession.create(bytes, given);
  const plain = (model: PackedModel) => create(model.bytes, withFiles(options, model));
  const lanes = makeLanes(options);
  const block = provider === 'cpu' ? await findBlock(model => openSession(ort, plain(model))) : undefined;
  const place = `onnxruntime ${ort.env.versions.node}, ${arch()}, blocks of ${block}`;
  const start = cache !== undefined && provider === 'cpu' ? modelStore(cache, place, options, create) : plain;
  const open = (model: PackedModel) => openSession(ort, start(model));
  return {
    ...(block && { block }),
    lanes: provider === 'cpu' ? options.intraOpNumThreads : 1,
    open: (model, lane) => (lane === undefined ? open(model) : lanes(lane)(model)),
  };
}

async function openSession(
  ort: typeof import('onnxruntime-node'),
  starting: Promise<InferenceSession>,
): Promise<Session & { readonly inputs: readonly string[]; readonly outputs: readonly string[] }> {
  const session = await starting;
  return {
    inputs: session.inputNames,
    outputs: session.outputNames,
    async run(inputs) {
      const tensors = inputs.map(({ data, shape }) => new ort.Tensor('float32', data, [...shape]));
      const feeds = Object.fromEntries(session.inputNames.map((name, i) => [name, tensors[i]!]));
      const results = await session.run(feeds);
      return session.outputNames.map(name => {
        const { data, dims } = results[name] as TypedTensor<'float32'>;
        return { data, shape: dims };
      });
    },
    release: () => session.release(),
  };
}

/** The execution providers that onnxruntime knows on this system, started or not. */
export const listProviders = async (): Promise<readonly Provider[]> => providersOf(await loadLibrary());

async function loadLibrary(): Promise<typeof import('onnxruntime-node')> {
  const ort = await import('onnxruntime-node').catch((cause: Error) => {
    throw notLoaded('The engine "onnx" did not start', 'onnxruntime-node', cause, 'choose --engine wasm');
  });
  // Its faults come as exceptions, with our words around them; written to stderr as well they would be told twice.
  ort.env.logLevel = 'fatal';
  return ort;
}

/** Runs the bytes of a model once in a session of its own: feeds and results by name. */
export async function runModel(
  bytes: Uint8Array,
  feeds: Readonly<Record<string, PlainTensor>>,
): Promise<Record<string, PlainTensor>> {
  const ort = await loadLibrary();
  const session = await openSession(ort, ort.InferenceSession.create(bytes));
  try {
    const results = await session.run(session.inputs.map(name => feeds[name]!));
    return Object.fromEntries(session.outputs.map((name, i) => [name, results[i]!]));
  } finally {
    await session.release();
  }
}
