import { arch, availableParallelism } from 'node:os';
import { notLoaded } from '../../../errors.ts';
import type { PlainTensor } from '../../../tensor/index.ts';
import { type PackedModel, withFiles } from '../compile/packed.ts';
import type { SessionOptions } from '../compile/session-options.ts';
import { type Lane, makeLanes, type Runtime, type Session } from '../lanes/lanes.ts';
import { findBlock } from './blocked.ts';
import { type Provider, providersOf, requireProvider } from './providers.ts';
import { modelStore } from './store.ts';

/** Options of the engine `onnx`. */
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

/** onnxruntime as this engine uses it. */
export interface OnnxRuntime {
  /** Channels that its own layout for convolutions keeps together, where it has one. */
  readonly block?: number;
  /** Sessions that can run side by side on threads of their own. */
  readonly lanes: number;
  /** On all threads, or on the one of a lane. */
  open(model: PackedModel, lane?: number): Promise<Session>;
  /** Whether a thread of it is lost or closed. */
  ended(): boolean;
  /** Ends its threads, and their sessions with them. */
  close(): Promise<void>;
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
  const options = {
    executionProviders: [provider],
    intraOpNumThreads: threads ?? availableParallelism(),
    graphOptimizationLevel: 'all',
    executionMode: 'sequential',
    // One block planned for all values of a run is filled in full: nearly twice the memory of values freed one by one, and slower.
    enableMemPattern: false,
    logSeverityLevel: 3,
    extra: { session: { set_denormal_as_zero: '1', 'intra_op.spin_duration_us': SPIN } },
  } satisfies SessionOptions;
  const lanes = makeLanes();
  try {
    const main = lanes.lane(0);
    const { version, backends } = await startLane(main);
    await requireProvider(main, backends, provider, options);
    const plain = (model: PackedModel) => main.open(model.bytes, withFiles(options, model));
    const block = provider === 'cpu' ? await findBlock(plain) : undefined;
    const place = `onnxruntime ${version}, ${arch()}, blocks of ${block}`;
    const stored = cache !== undefined && provider === 'cpu';
    const whole = stored ? modelStore(cache, place, options, main.open) : plain;
    const single = { ...options, intraOpNumThreads: 1 };
    return {
      ...(block && { block }),
      lanes: provider === 'cpu' ? options.intraOpNumThreads : 1,
      open: (model, lane) =>
        lane === undefined ? whole(model) : lanes.lane(lane).open(model.bytes, withFiles(single, model)),
      ended: lanes.ended,
      close: lanes.close,
    };
  } catch (cause) {
    await lanes.close();
    throw cause;
  }
}

/** The execution providers that onnxruntime knows on this system, started or not. */
export const listProviders = (): Promise<readonly Provider[]> =>
  onLane(async lane => providersOf((await startLane(lane)).backends));

const startLane = (lane: Lane): Promise<Runtime> =>
  lane.start().catch((cause: Error) => {
    throw notLoaded('The engine "onnx" did not start', 'onnxruntime-node', cause, 'choose --engine wasm');
  });

/** Does some work on a lane of its own. */
export async function onLane<T>(work: (lane: Lane) => Promise<T>): Promise<T> {
  const lanes = makeLanes();
  try {
    return await work(lanes.lane(0));
  } finally {
    await lanes.close();
  }
}

/** Runs the bytes of a model once in a session of its own: feeds and results by name. */
export const runModel = (
  bytes: Uint8Array,
  feeds: Readonly<Record<string, PlainTensor>>,
): Promise<Record<string, PlainTensor>> =>
  onLane(async lane => {
    await startLane(lane);
    const session = await lane.open(bytes, {});
    const results = await session.run(session.inputs.map(name => feeds[name]!));
    return Object.fromEntries(session.outputs.map((name, i) => [name, results[i]!]));
  });
