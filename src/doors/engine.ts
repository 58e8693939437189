/**
 * Where programs run.
 * @module langevin/engine
 */

export type { Compiled, EngineOptions, Program, Value } from '../engine/index.ts';
export {
  type AutoOptions,
  type Engine,
  type EngineName,
  engines,
  makeEngine,
  tryEngine,
} from '../engine/index.ts';
export type { Provider } from '../engine/onnx/native/providers.ts';
export type { OnnxOptions as OnnxEngineOptions } from '../engine/onnx/native/runtime.ts';
export { listProviders } from '../engine/onnx/native/runtime.ts';
export type { OnnxLibrary } from '../engine/onnx/web/page-library.ts';
