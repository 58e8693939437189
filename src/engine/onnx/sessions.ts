import type { PackedModel } from './model.ts';
import type { OnnxRuntime, Session } from './runtime.ts';

/** A model and the sessions opened of it. */
export interface Sessions {
  on(lane: number | undefined): Promise<Session>;
  close(): Promise<void>;
}

/** The sessions of a model, opened when first needed: one on all threads and one for each lane. */
export function sessionsOf(runtime: OnnxRuntime, build: () => PackedModel): Sessions {
  const sessions = new Map<number | undefined, Promise<Session>>();
  const built: { model?: PackedModel } = {};
  return {
    on(lane) {
      built.model ??= build();
      const session = sessions.get(lane) ?? runtime.open(built.model, lane);
      sessions.set(lane, session);
      return session;
    },
    async close() {
      const open = [...sessions.values()];
      sessions.clear();
      await Promise.all(open.map(async session => (await session).release()));
    },
  };
}
