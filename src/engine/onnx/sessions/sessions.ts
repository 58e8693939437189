import type { PackedModel } from '../compile/packed.ts';
import type { OnnxRuntime, Session } from './runtime.ts';

/** A model and its open sessions. */
export interface Sessions {
  on(lane: number | undefined): Promise<Session>;
  /** How many are open. */
  count(): number;
  close(): Promise<void>;
}

/** The sessions of a model, which open at first use: one on all threads and one for each lane. */
export function sessionsOf(runtime: OnnxRuntime, build: () => PackedModel): Sessions {
  const sessions = new Map<number | undefined, Promise<Session>>();
  const cache: { model?: PackedModel } = {};
  const open = async (lane: number | undefined): Promise<Session> => {
    const model = cache.model ?? build();
    cache.model = model;
    const session = await runtime.open(model, lane).catch((cause: unknown) => {
      if (model.unchanged()) throw cause;
    });
    if (session && model.unchanged()) return session;
    // If a file was replaced in the meantime, nothing is read from the new one.
    await session?.release();
    cache.model = build();
    return runtime.open(cache.model, lane);
  };
  return {
    on(lane) {
      const session = sessions.get(lane) ?? open(lane);
      sessions.set(lane, session);
      return session;
    },
    count: () => sessions.size,
    async close() {
      const open = [...sessions.values()];
      sessions.clear();
      await Promise.all(open.map(async session => (await session).release()));
    },
  };
}
