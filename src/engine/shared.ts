import { type Engine, type EngineName, makeEngine } from './index.ts';

const engines = new Map<string, Promise<Engine>>();

/**
 * The engine that a use of a run is given. One given by name, or not at all, is shared by all who ask for it and kept: its threads and its
 * programs serve the next use. Where it has been lost, or did not start, the next use makes another.
 */
export async function sharedEngine(engine: EngineName | 'auto' | Engine = 'auto'): Promise<Engine> {
  if (typeof engine === 'object') return engine;
  const former = engines.get(engine);
  const kept = await former?.catch(() => undefined);
  if (kept && !kept.ended()) return kept;
  // Of several who found it gone, the first makes the new one.
  if (engines.get(engine) === former) engines.set(engine, makeEngine(engine));
  return engines.get(engine)!;
}
