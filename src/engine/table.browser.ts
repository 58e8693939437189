import type { Engine } from './contract.ts';
import { graphEngine } from './onnx/engine.ts';
import { pageRuntime } from './onnx/web/page.ts';
import type { EngineOptions, EngineRow } from './row.ts';

/** The engine of a page. */
export const engines = Object.freeze({
  /** Traced into ONNX graphs and run by onnxruntime's WebAssembly. */
  'onnx-web': {
    start: async (options?: EngineOptions) => graphEngine('onnx-web', await pageRuntime(options)),
    runs: 'graphs',
    threads: true,
    packages: ['onnxruntime-web'],
  },
} as const satisfies Readonly<Record<string, EngineRow>>);

/** The compiled engines in the order in which `auto` tries them. */
export const inTurn = [['onnx-web', '']] as const;

/** There is no other: a program that cannot be traced is an error. */
export const spare: (() => Promise<Engine>) | undefined = undefined;
