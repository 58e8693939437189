import type { Engine } from './contract.ts';
import { eagerEngine } from './eager.ts';
import { graphEngine } from './onnx/engine.ts';
import { pageRuntime } from './onnx/web/page.ts';
import type { EngineOptions, EngineRow } from './row.ts';

/** The engines of a page. */
export const engines = Object.freeze({
  /** Traced into ONNX graphs and run by onnxruntime's WebAssembly. */
  'onnx-web': {
    start: async (options?: EngineOptions) => graphEngine('onnx-web', await pageRuntime(options)),
    runs: 'graphs',
    threads: true,
    packages: ['onnxruntime-web'],
  },
  /** tfjs in plain JavaScript: the slow reference. */
  cpu: {
    start: () => eagerEngine('cpu'),
    runs: 'operations',
    threads: false,
    packages: ['@tensorflow/tfjs-backend-cpu'],
  },
} as const satisfies Readonly<Record<string, EngineRow>>);

/**
 * The compiled engines in the order in which `auto` tries them, each with a remark for when it does not
 * start.
 */
export const inTurn = [['onnx-web', '"cpu" takes its place, a thousand times slower.']] as const;

/** Runs the programs that cannot be traced, and all programs if no compiled engine starts. */
export const spare = (): Promise<Engine> => eagerEngine('cpu');
