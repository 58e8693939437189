import { type Engine, makeEngine, type Run } from 'langevin/browser';

/** What the worker keeps between calls. */
export const state: { engine?: Promise<Engine>; run?: Run } = {};

/** The runtime lies beside the pages. One thread is the fastest for networks as small as those of a page. */
export const engine = (): Promise<Engine> =>
  (state.engine ??= makeEngine('onnx-web', {
    threads: 1,
    wasm: new URL('ort-wasm-simd-threaded.wasm', document()).href,
  }));

/** The folder of the pages. The scripts are in a folder of it. */
const document = (): URL => new URL('../', self.location.href);

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
