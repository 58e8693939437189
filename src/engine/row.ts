import type { Engine } from './contract.ts';
import type { OnnxLibrary } from './onnx/web/page-library.ts';

/** Options of an engine; only the compiled engines use them. */
export interface EngineOptions {
  /** Number of threads; default: the cores that this process may use. */
  readonly threads?: number;
  /**
   * Execution provider of the engine `onnx`: `cpu` (default), `cuda`, `tensorrt`, `webgpu`, `coreml`,
   * `dml`. Of `onnx-web` in a page: `cpu` (default), or `webgpu` with its `library`.
   */
  readonly provider?: string;
  /** Folder where the engine `onnx` caches large models in the layout for this machine; default: none. */
  readonly cache?: string;
  /**
   * In a page: where the engine `onnx-web` finds the file `ort-wasm-simd-threaded.wasm`, or what that file
   * holds. Default: next to the script of onnxruntime-web, where a bundler puts it.
   */
  readonly wasm?: string | ArrayBuffer;
  /**
   * In a page, for the provider `webgpu`: what importing `onnxruntime-web/webgpu` gives. Default: the build
   * of onnxruntime-web for WebAssembly alone, which is half as large.
   */
  readonly library?: OnnxLibrary;
}

/** One row of the table of engines. */
export interface EngineRow {
  /** Starts it: `(options?)`. */
  readonly start: (options?: EngineOptions) => Promise<Engine>;
  /** Whether it compiles whole graphs; otherwise it runs one operation at a time. */
  readonly runs: 'graphs' | 'operations';
  /** Whether it uses the option `threads`, and has one lane for each thread. */
  readonly threads: boolean;
  /** Alternative npm packages: the engine needs one of them. */
  readonly packages: readonly string[];
}
