import { type Engine, type EngineName, makeEngine } from './index.ts';

const engines = new Map<string, Promise<Engine>>();

/**
 * The engine for a run. An engine by name or by default is shared and kept, so that its threads and programs
 * serve the next run. If it was lost or did not start, the next run creates another.
 */
export async function sharedEngine(engine: EngineName | 'auto' | Engine = 'auto'): Promise<Engine> {
  if (typeof engine === 'object') return engine;
  const former = engines.get(engine);
  const shared = await former?.catch(() => undefined);
  if (shared && !shared.ended()) return shared;
  // If several callers see that it is gone, the first creates the new one.
  if (engines.get(engine) === former) engines.set(engine, makeEngine(engine));
  return engines.get(engine)!;
}
