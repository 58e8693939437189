import { type Engine, makeEngine, type Run } from 'langevin/browser';

/** What the worker keeps between calls. */
export const state: { run?: Run } = {};

type Runtime = string | ArrayBuffer;

const waiting: { resolve?: (runtime: Runtime) => void } = {};
const runtime = new Promise<Runtime>(resolve => {
  waiting.resolve = resolve;
});
// One thread is the fastest for networks as small as those of a page.
const started = runtime.then(wasm => makeEngine('onnx-web', { threads: 1, wasm }));
// A fault comes with the first call that needs the engine.
started.catch(() => {});

/** The engine, as soon as it has started. */
export const engine = (): Promise<Engine> => started;

/** Starts the engine with its runtime: what the file holds, or where it is. */
export const startEngine = (wasm: Runtime): void => waiting.resolve!(wasm);

/** The run that the page works on. */
export function currentRun(): Run {
  if (state.run) return state.run;
  throw new Error('There is no model yet. Train one first.');
}

/** What a call gets besides its arguments: a signal that stops it, and a way to report. */
export interface Desk {
  readonly signal: AbortSignal;
  report(news: Readonly<Record<string, unknown>>): void;
}
