import type { SessionOptions } from '../compile/session-options.ts';

/** How sessions of onnxruntime-web are opened. Threads belong to the whole library, not to a session. */
export const sessionOptions = Object.freeze({
  executionProviders: ['wasm'],
  graphOptimizationLevel: 'all',
  executionMode: 'sequential',
  enableMemPattern: false,
  logSeverityLevel: 3,
} as const) satisfies SessionOptions;
