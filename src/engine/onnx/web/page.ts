import type { InferenceSession } from 'onnxruntime-common';
import { notLoaded, usage } from '../../../errors.ts';
import { packInMemory } from '../compile/packed.ts';
import type { OnnxRuntime, Session } from '../sessions/runtime.ts';
import { trialModel } from '../sessions/trial.ts';
import { sessionOptions } from './options.ts';

/** Options of the engine `onnx-web` in a page. */
export interface PageOptions {
  /**
   * Threads of a page that is cross-origin isolated; default: the cores of the machine. Elsewhere there is
   * one.
   */
  readonly threads?: number;
  /** Only `cpu`, which is WebAssembly. */
  readonly provider?: string;
  /**
   * Where `ort-wasm-simd-threaded.wasm` is, or what it holds; default: next to the script of
   * onnxruntime-web.
   */
  readonly wasm?: string | ArrayBuffer;
}

type Library = typeof import('onnxruntime-web/wasm');

/** What a page has and Node has not: the library of types is that of Node. */
const page = globalThis as {
  readonly crossOriginIsolated?: boolean;
  readonly navigator?: { readonly hardwareConcurrency?: number };
};

/**
 * onnxruntime-web on the thread that calls it: the page, or better a worker of the page. Calls hold that
 * thread for 50 ms at most, and let it handle events in between.
 * @throws usage for a provider; failure if the package or WebAssembly does not start
 */
export async function pageRuntime({
  threads,
  provider = 'cpu',
  wasm,
}: PageOptions = {}): Promise<OnnxRuntime> {
  if (provider !== 'cpu')
    throw usage('an execution provider that the engine "onnx-web" has not', {
      where: 'makeEngine',
      got: provider,
      expected: 'cpu',
    });
  const library = await load(threads, wasm).catch((cause: Error) => {
    const what = 'The engine "onnx-web" did not start';
    const remedy = 'give makeEngine the place of its file: { wasm: URL }';
    throw notLoaded(what, 'onnxruntime-web', cause, remedy, 'WebAssembly');
  });
  const state = { ended: false, paused: performance.now() };
  return {
    lanes: 1,
    pack: packInMemory,
    open: async ({ bytes, externalData }) => {
      const options = { ...sessionOptions, externalData: [...externalData] };
      return sessionOf(library, await library.InferenceSession.create(bytes, options), state);
    },
    ended: () => state.ended,
    close: async () => {
      state.ended = true;
    },
  };
}

async function load(threads: number | undefined, wasm: PageOptions['wasm']): Promise<Library> {
  const library = await import('onnxruntime-web/wasm');
  // Its faults come as exceptions. The console would show them a second time.
  library.env.logLevel = 'fatal';
  library.env.wasm.numThreads = page.crossOriginIsolated
    ? (threads ?? page.navigator?.hardwareConcurrency ?? 1)
    : 1;
  if (typeof wasm === 'string') library.env.wasm.wasmPaths = { wasm };
  else if (wasm) library.env.wasm.wasmBinary = wasm;
  await (await library.InferenceSession.create(trialModel(), { ...sessionOptions })).release();
  return library;
}

/** Milliseconds after which events have their turn. */
const PATIENCE = 40;

function sessionOf({ Tensor }: Library, session: InferenceSession, state: { paused: number }): Session {
  return {
    async run(inputs) {
      if (performance.now() - state.paused > PATIENCE) {
        await new Promise(done => setTimeout(done));
        state.paused = performance.now();
      }
      const feeds = inputs.map(
        ({ data, shape }, i) => [session.inputNames[i]!, new Tensor('float32', data, shape)] as const,
      );
      const results = await session.run(Object.fromEntries(feeds));
      return session.outputNames.map(name => {
        const { type, data, dims } = results[name]!;
        return { type, data: data as Float32Array, shape: dims };
      });
    },
    release: () => session.release(),
  };
}
