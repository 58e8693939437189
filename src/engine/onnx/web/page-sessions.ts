import type { InferenceSession } from 'onnxruntime-common';
import type { Session } from '../sessions/runtime.ts';

/** A build of onnxruntime-web, as its own types have it. */
export type Library = typeof import('onnxruntime-web/wasm');

/** Milliseconds after which events have their turn. */
const PATIENCE = 40;

/** The sessions of one engine in a page. */
export interface PageSessions {
  /** Opens a model. */
  open(model: Uint8Array, options: InferenceSession.SessionOptions): Promise<Session>;
  /** Whether they were closed. */
  ended(): boolean;
  /** Releases all that are open. */
  close(): Promise<void>;
}

/** One call runs at a time: a device refuses a second. Events have their turn between calls. */
export function pageSessions({ InferenceSession, Tensor }: Library): PageSessions {
  const state = { ended: false, paused: performance.now(), last: Promise.resolve() as Promise<unknown> };
  const opened = new Set<InferenceSession>();
  const inTurn = <T>(call: () => Promise<T>): Promise<T> => {
    const next = state.last.then(call);
    state.last = next.catch(() => {});
    return next;
  };
  const release = async (session: InferenceSession) => {
    if (opened.delete(session)) await inTurn(() => session.release());
  };
  const run = async (session: InferenceSession, feeds: InferenceSession.FeedsType) => {
    if (performance.now() - state.paused > PATIENCE) {
      await new Promise(done => setTimeout(done));
      state.paused = performance.now();
    }
    return inTurn(() => session.run(feeds));
  };
  return {
    async open(model, options) {
      const session = await inTurn(() => InferenceSession.create(model, options));
      opened.add(session);
      return {
        async run(inputs) {
          const feeds = inputs.map(
            ({ data, shape }, i) => [session.inputNames[i]!, new Tensor('float32', data, shape)] as const,
          );
          const results = await run(session, Object.fromEntries(feeds));
          return session.outputNames.map(name => {
            const { type, data, dims } = results[name]!;
            return { type, data: data as Float32Array, shape: dims };
          });
        },
        release: () => release(session),
      };
    },
    ended: () => state.ended,
    async close() {
      state.ended = true;
      for (const session of opened) await release(session);
    },
  };
}
