import { failure, requireText, unknownName } from '../errors.ts';
import type { Engine } from './contract.ts';
import { eagerEngine } from './eager.ts';
import { withFallback } from './fallback.ts';
import { graphEngine } from './onnx/engine.ts';
import { nativeRuntime } from './onnx/native/runtime.ts';
import { webRuntime } from './onnx/web/node.ts';
import { tensorflowEngine, tensorflowPackages } from './tensorflow.ts';

export type { Compiled, Engine, Program, Value } from './contract.ts';
export { type ProviderName, providerNames } from './onnx/native/providers.ts';
export { listProviders } from './onnx/native/runtime.ts';

/** Options of an engine; only the compiled engines use them. */
export interface EngineOptions {
  /** Threads the compiled engines use; default: the cores this process may use. */
  readonly threads?: number;
  /**
   * Execution provider of the engine `onnx`: `cpu` (default), `cuda`, `tensorrt`, `webgpu`, `coreml`,
   * `dml`.
   */
  readonly provider?: string;
  /** Folder where the engine `onnx` caches large models in the layout for this machine; default: none. */
  readonly cache?: string;
}

/** One row of the table of engines. */
interface Row {
  /** Starts it: `(options?)`. */
  readonly start: (options?: EngineOptions) => Promise<Engine>;
  /** Whether it compiles whole graphs; otherwise it runs one operation at a time. */
  readonly runs: 'graphs' | 'operations';
  /** Whether it uses the option `threads`, and has one lane for each thread. */
  readonly threads: boolean;
  /** Alternative npm packages: the engine needs one of them. */
  readonly packages: readonly string[];
}

/** One row for each engine: how to start it, and what it declares. */
export const engines = Object.freeze({
  /** Traced into ONNX graphs and run by onnxruntime: the default, if it loads. */
  onnx: {
    start: async (options?: EngineOptions) => graphEngine('onnx', await nativeRuntime(options)),
    runs: 'graphs',
    threads: true,
    packages: ['onnxruntime-node'],
  },
  /** The same graphs, run by onnxruntime's WebAssembly, for machines without its native library. */
  'onnx-web': {
    start: async (options?: EngineOptions) => graphEngine('onnx-web', await webRuntime(options)),
    runs: 'graphs',
    threads: true,
    packages: ['onnxruntime-web'],
  },
  /** WebAssembly kernels of tfjs: runs anywhere. */
  wasm: {
    start: () => eagerEngine('wasm'),
    runs: 'operations',
    threads: false,
    packages: ['@tensorflow/tfjs-backend-wasm'],
  },
  /** libtensorflow through tfjs-node-gpu or tfjs-node. */
  tensorflow: { start: tensorflowEngine, runs: 'operations', threads: false, packages: tensorflowPackages },
  /** tfjs in plain JavaScript: the slow reference. */
  cpu: {
    start: () => eagerEngine('cpu'),
    runs: 'operations',
    threads: false,
    packages: ['@tensorflow/tfjs-backend-cpu'],
  },
} as const satisfies Readonly<Record<string, Row>>);

/** A name in `engines`. */
export type EngineName = keyof typeof engines;

/** Options of an engine, and a callback for warnings. */
export interface AutoOptions extends EngineOptions {
  /** Receives a warning when the default engine does not load and another takes its place. */
  readonly warn?: (message: string) => void;
}

/**
 * Makes the engine of that name. `auto` uses the first of `onnx`, `onnx-web` and `wasm` that loads, and warns
 * unless it is `onnx`. A program that cannot be traced runs on `wasm`, with a warning. A provider that is
 * requested by name is never replaced.
 */
export async function makeEngine(
  engine: EngineName | 'auto' | Engine = 'auto',
  { warn = message => process.emitWarning(message), ...options }: AutoOptions = {},
): Promise<Engine> {
  if (typeof engine === 'object' && typeof engine?.compile === 'function') return engine;
  requireText('engine', engine);
  if (engine !== 'auto') {
    if (!Object.hasOwn(engines, engine))
      throw unknownName('engine', engine, ['auto', ...Object.keys(engines)]);
    return engines[engine].start(options);
  }
  const wasm = () => eagerEngine('wasm');
  for (const [name, next] of IN_TURN) {
    try {
      return withFallback(await engines[name].start(options), wasm, warn);
    } catch (cause) {
      if (options.provider !== undefined) throw cause;
      warn(`${(cause as Error).message}. The engine ${next}`);
    }
  }
  return wasm();
}

/**
 * The compiled engines in the order in which `auto` tries them, each with the warning if it does not start.
 */
const IN_TURN = [
  ['onnx', '"onnx-web" takes its place, several times slower.'],
  ['onnx-web', '"wasm" takes its place, many times slower.'],
] as const;

/** Tries to start an engine; returns the reason as an error if it does not start. */
export const tryEngine = (name: EngineName, options: EngineOptions = {}): Promise<Engine | Error> =>
  engines[name]
    .start(options)
    .catch((cause: unknown) =>
      cause instanceof Error ? cause : failure(`The engine "${name}" did not start`, { got: String(cause) }),
    );
