import type { Engine } from './contract.ts';
import { eagerEngine } from './eager.ts';
import { graphEngine } from './onnx/engine.ts';
import { nativeRuntime } from './onnx/native/runtime.ts';
import { webRuntime } from './onnx/web/node.ts';
import type { EngineOptions, EngineRow } from './row.ts';
import { tensorflowEngine, tensorflowPackages } from './tensorflow.ts';

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
} as const satisfies Readonly<Record<string, EngineRow>>);

/** The compiled engines in the order in which `auto` tries them, with the remark where one does not start. */
export const inTurn = [
  ['onnx', '"onnx-web" takes its place, several times slower.'],
  ['onnx-web', '"wasm" takes its place, many times slower.'],
] as const;

/** What runs the programs that cannot be traced, and all of them where no compiled engine starts. */
export const spare: (() => Promise<Engine>) | undefined = () => eagerEngine('wasm');
