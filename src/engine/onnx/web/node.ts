import { availableParallelism } from 'node:os';
import { failure, notLoaded } from '../../../errors.ts';
import { packInMemory } from '../compile/packed.ts';
import { type Lane, makeLanes } from '../lanes/lanes.ts';
import type { Library } from '../lanes/library.ts';
import type { OnnxRuntime } from '../sessions/runtime.ts';
import { trialModel } from '../sessions/trial.ts';
import { sessionOptions } from './options.ts';

/** Options of the engine `onnx-web`. */
export interface OnnxWebOptions {
  /** Number of threads, and so of lanes; default: the cores that this process may use. */
  readonly threads?: number;
  /** Only `cpu` is allowed, which is WebAssembly. */
  readonly provider?: string;
}

/**
 * onnxruntime-web in workers of Node. Its threads belong to a whole instance of WebAssembly, not to a
 * session. So the calls on all threads have an instance of their own, in addition to one for each lane.
 * @throws failure if the package is not installed, or WebAssembly does not start
 */
export async function webRuntime({
  threads = availableParallelism(),
  provider = 'cpu',
}: OnnxWebOptions = {}): Promise<OnnxRuntime> {
  if (provider !== 'cpu')
    throw failure(`The engine "onnx-web" has no execution provider "${provider}" in Node`, {
      expected: 'cpu',
      remedy: 'Leave --provider out, or choose --engine onnx',
    });
  const lanes = makeLanes(libraryWith(1));
  const whole = threads > 1 ? makeLanes(libraryWith(threads)) : lanes;
  const close = async () => void (await Promise.all([lanes.close(), whole.close()]));
  try {
    await startLane(whole.lane(0));
  } catch (cause) {
    await close();
    throw cause;
  }
  return {
    lanes: threads,
    pack: packInMemory,
    open: ({ bytes, externalData }, lane) =>
      (lane === undefined ? whole.lane(0) : lanes.lane(lane)).open(bytes, {
        ...sessionOptions,
        externalData,
      }),
    ended: () => lanes.ended() || whole.ended(),
    close,
  };
}

const libraryWith = (threads: number): Library => ({
  ...{ engine: 'onnx-web', package: 'onnxruntime-web', threads },
});

/** Checks that the library works, by opening a session: only that starts WebAssembly. */
async function startLane(lane: Lane): Promise<void> {
  try {
    await lane.start();
    await (await lane.open(trialModel(), sessionOptions)).release();
  } catch (cause) {
    const what = 'The engine "onnx-web" did not start';
    throw notLoaded(what, 'onnxruntime-web', cause as Error, 'choose --engine wasm', 'WebAssembly');
  }
}
