import { failure, requireText, unknownName } from '../errors.ts';
import type { Engine } from './contract.ts';
import { eagerEngine } from './eager.ts';
import { withFallback } from './fallback.ts';
import { onnxEngine } from './onnx/engine.ts';
import { tensorflowEngine, tensorflowPackages } from './tensorflow.ts';

export type { Compiled, Engine, Program, Value } from './contract.ts';
export { type ProviderName, providerNames } from './onnx/sessions/providers.ts';
export { listProviders } from './onnx/sessions/runtime.ts';

/** What an engine may be told; only the compiled one heeds it. */
export interface EngineOptions {
  /** Threads the compiled engine uses; default: the cores this process may use. */
  readonly threads?: number;
  /** Execution provider of the compiled engine: `cpu` (default), `cuda`, `tensorrt`, `webgpu`, `coreml`, `dml`. */
  readonly provider?: string;
  /** Folder in which the compiled engine keeps large models as it laid them out for this machine; none by default. */
  readonly cache?: string;
}

/** What the table says of an engine. */
interface Row {
  /** Starts it: `(options?)`. */
  readonly start: (options?: EngineOptions) => Promise<Engine>;
  /** Whether it runs whole graphs, or one operation at a time. */
  readonly runs: 'graphs' | 'operations';
  /** Whether it heeds the options `threads`, `provider` and `cache`, and has a lane a thread. */
  readonly threads: boolean;
  /** The npm packages of which it needs one. */
  readonly packages: readonly string[];
}

/** One row for each engine: how it is started, and what it declares. */
export const engines = Object.freeze({
  /** Traced into ONNX graphs and run by onnxruntime: the default where it loads. */
  onnx: { start: onnxEngine, runs: 'graphs', threads: true, packages: ['onnxruntime-node'] },
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

/** Options of an engine, and who is told when another than the default has to take its place. */
export interface AutoOptions extends EngineOptions {
  /** Told when the default engine does not load and another takes its place: never silently. */
  readonly warn?: (message: string) => void;
}

/**
 * The engine of that name; `auto` takes `onnx` where it loads, else `wasm`, and runs a program that `onnx` cannot trace on
 * `wasm`, saying so. A provider asked for by name is never replaced.
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
  try {
    return withFallback(await onnxEngine(options), wasm, warn);
  } catch (cause) {
    if (options.provider !== undefined) throw cause;
    warn(`${(cause as Error).message}. The engine "wasm" takes its place, many times slower.`);
    return wasm();
  }
}

/** Tries to start an engine; the reason in words where it does not. */
export const tryEngine = (name: EngineName, options: EngineOptions = {}): Promise<Engine | Error> =>
  engines[name]
    .start(options)
    .catch((cause: unknown) =>
      cause instanceof Error ? cause : failure(`The engine "${name}" did not start`, { got: String(cause) }),
    );
