import { arch, availableParallelism } from 'node:os';
import { notLoaded } from '../../../errors.ts';
import type { PlainTensor } from '../../../tensor/index.ts';
import type { PackedModel } from '../compile/packed.ts';
import type { SessionOptions } from '../compile/session-options.ts';
import { type Lane, makeLanes, type Runtime } from '../lanes/lanes.ts';
import { nativeLibrary } from '../lanes/library.ts';
import { type OnnxRuntime, onDevice } from '../sessions/runtime.ts';
import { findBlock } from './blocked.ts';
import { packModel, withFiles } from './packed-files.ts';
import { type Provider, providersOf, requireProvider } from './providers.ts';
import { modelStore } from './store.ts';

/** Options of the engine `onnx`. */
export interface OnnxOptions {
  /** Threads inside one operator; default: the cores this process may use. */
  readonly threads?: number;
  /**
   * Execution provider by onnxruntime's name: `cpu` (default), `cuda`, `tensorrt`, `webgpu`, `coreml`, `dml`.
   */
  readonly provider?: string;
  /**
   * Folder that caches large models in the layout for this machine (8 GiB at most). Later runs open them
   * faster and map the weights instead of copying them. Default: no cache.
   */
  readonly cache?: string;
}

/** Providers of devices with a kernel for `Scan`. */
const LOOPS: readonly string[] = ['cuda'];

/**
 * How long an idle thread spins before it sleeps. By default onnxruntime spins much longer. That is no faster
 * on an idle machine, and three to five times slower if other work shares the cores.
 */
const SPIN = '50';

/**
 * Loads onnxruntime-node. The error is clear if its native library is missing or the provider does not start.
 */
export async function nativeRuntime({
  threads,
  provider = 'cpu',
  cache,
}: OnnxOptions = {}): Promise<OnnxRuntime> {
  const options = {
    executionProviders: [provider],
    intraOpNumThreads: threads ?? availableParallelism(),
    graphOptimizationLevel: 'all',
    executionMode: 'sequential',
    // With memory planning, one block holds all values of a run: nearly twice the memory of freeing values
    // one by one, and slower.
    enableMemPattern: false,
    logSeverityLevel: 3,
    extra: { session: { set_denormal_as_zero: '1', 'intra_op.spin_duration_us': SPIN } },
  } satisfies SessionOptions;
  const lanes = makeLanes(nativeLibrary);
  try {
    const main = lanes.lane(0);
    const { version, backends } = await startLane(main);
    await requireProvider(main, backends, provider, options);
    const openPlain = (model: PackedModel) => main.open(model.bytes, withFiles(options, model));
    const block = provider === 'cpu' ? await findBlock(openPlain) : undefined;
    const place = `onnxruntime ${version}, ${arch()}, blocks of ${block}`;
    const useCache = cache !== undefined && provider === 'cpu';
    const whole = useCache ? modelStore(cache, place, options, main.open) : openPlain;
    const single = { ...options, intraOpNumThreads: 1 };
    return {
      ...(block && { block }),
      ...(provider === 'cpu' ? { lanes: options.intraOpNumThreads } : onDevice(LOOPS.includes(provider))),
      pack: packModel,
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

/** The execution providers that onnxruntime supports on this system, whether they start or not. */
export const listProviders = (): Promise<readonly Provider[]> =>
  onLane(async lane => providersOf((await startLane(lane)).backends));

const startLane = (lane: Lane): Promise<Runtime> =>
  lane.start().catch((cause: Error) => {
    throw notLoaded('The engine "onnx" did not start', 'onnxruntime-node', cause, 'choose --engine onnx-web');
  });

/** Runs a task on a lane of its own. */
export async function onLane<T>(work: (lane: Lane) => Promise<T>): Promise<T> {
  const lanes = makeLanes(nativeLibrary);
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
