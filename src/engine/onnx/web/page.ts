import type { InferenceSession } from 'onnxruntime-common';
import { failure, notLoaded, usage } from '../../../errors.ts';
import { packInMemory } from '../compile/packed.ts';
import { type OnnxRuntime, onDevice } from '../sessions/runtime.ts';
import { trialModel } from '../sessions/trial.ts';
import { sessionOptions } from './options.ts';
import type { OnnxLibrary } from './page-library.ts';
import { type Library, pageSessions } from './page-sessions.ts';

/** Options of the engine `onnx-web` in a page. */
export interface PageOptions {
  /**
   * Threads of a page that is cross-origin isolated; default: the cores of the machine. Elsewhere there is
   * one.
   */
  readonly threads?: number;
  /** `cpu` (default), which is WebAssembly, or `webgpu` with its `library`. */
  readonly provider?: string;
  /** `await import('onnxruntime-web/webgpu')`, for `webgpu`. Default: the build for WebAssembly alone. */
  readonly library?: OnnxLibrary;
  /**
   * Where `ort-wasm-simd-threaded.wasm` is (for `webgpu`, `ort-wasm-simd-threaded.asyncify.wasm`), or what
   * it holds; default: next to the script of onnxruntime-web.
   */
  readonly wasm?: string | ArrayBuffer;
}

/** What a page has and Node has not: the library of types is that of Node. */
const page = globalThis as {
  readonly crossOriginIsolated?: boolean;
  readonly navigator?: { readonly hardwareConcurrency?: number };
};

/** The names of onnxruntime-web for the providers of a page. */
const PROVIDERS: Readonly<Record<string, 'wasm' | 'webgpu'>> = { cpu: 'wasm', webgpu: 'webgpu' };

/**
 * onnxruntime-web on the thread that calls it: the page, or better a worker of the page. Calls hold that
 * thread for 50 ms at most, and let it handle events in between.
 * @throws usage for a provider; failure if the package, WebAssembly or the device does not start
 */
export async function pageRuntime({ provider = 'cpu', ...options }: PageOptions = {}): Promise<OnnxRuntime> {
  const executionProviders = providersOf(provider, options);
  const library = await load({ ...sessionOptions, executionProviders }, options).catch((cause: Error) => {
    throw provider === 'cpu' ? notStarted(cause) : noDevice(provider, cause);
  });
  const sessions = pageSessions(library);
  return {
    ...(provider === 'cpu' ? { lanes: 1 } : onDevice(false)),
    pack: packInMemory,
    open: async ({ bytes, externalData }) => {
      const own = { ...sessionOptions, executionProviders, externalData: [...externalData] };
      return sessions.open(bytes, own);
    },
    ended: sessions.ended,
    close: sessions.close,
  };
}

function providersOf(provider: string, { library }: PageOptions): ('wasm' | 'webgpu')[] {
  const name = Object.hasOwn(PROVIDERS, provider) ? PROVIDERS[provider] : undefined;
  if (!name)
    throw usage('an execution provider that the engine "onnx-web" has not', {
      where: 'makeEngine',
      got: provider,
      expected: Object.keys(PROVIDERS).join(' or '),
    });
  if (name === 'webgpu' && !library)
    throw usage('The provider "webgpu" needs another build of onnxruntime-web', {
      where: 'makeEngine',
      remedy: "Pass { provider: 'webgpu', library: await import('onnxruntime-web/webgpu') }",
    });
  return [name];
}

const notStarted = (cause: Error) =>
  notLoaded(
    'The engine "onnx-web" did not start',
    'onnxruntime-web',
    cause,
    'give makeEngine the place of its file: { wasm: URL }',
    'WebAssembly',
  );

const noDevice = (provider: string, cause: Error) =>
  failure(`The execution provider "${provider}" did not start`, {
    got: cause.message.split('\n')[0],
    remedy:
      'It needs a browser with WebGPU and a graphics adapter, and the file ' +
      'ort-wasm-simd-threaded.asyncify.wasm ({ wasm: URL }). Leave the provider out for the CPU',
  });

async function load(
  options: InferenceSession.SessionOptions,
  { threads, wasm, library: given }: PageOptions,
): Promise<Library> {
  const library = (given as Library | undefined) ?? (await import('onnxruntime-web/wasm'));
  // Its faults come as exceptions. The console would show them a second time.
  library.env.logLevel = 'fatal';
  library.env.wasm.numThreads = page.crossOriginIsolated
    ? (threads ?? page.navigator?.hardwareConcurrency ?? 1)
    : 1;
  if (typeof wasm === 'string') library.env.wasm.wasmPaths = { wasm };
  else if (wasm) library.env.wasm.wasmBinary = wasm;
  await (await library.InferenceSession.create(trialModel(), options)).release();
  return library;
}
