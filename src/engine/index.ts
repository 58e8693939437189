import { emitWarning } from '../errors/warning.ts';
import { failure, requireText, unknownName } from '../errors.ts';
import type { Engine } from './contract.ts';
import { withFallback } from './fallback.ts';
import type { EngineOptions } from './row.ts';
import { engines, inTurn, spare } from './table.ts';

export type { Compiled, Engine, Program, Value } from './contract.ts';
export type { EngineOptions } from './row.ts';
export { engines } from './table.ts';

/** A name in `engines`. */
export type EngineName = keyof typeof engines;

/** Options of an engine, and a callback for warnings. */
export interface AutoOptions extends EngineOptions {
  /** Receives a warning when the default engine does not load and another takes its place. */
  readonly warn?: (message: string) => void;
}

/** @throws usage for a name that is not in `engines`; the error suggests the nearest one */
export function requireEngine(engine: EngineName | 'auto' | Engine = 'auto'): void {
  if (typeof engine === 'object' && typeof engine?.compile === 'function') return;
  requireText('engine', engine);
  if (engine !== 'auto' && !Object.hasOwn(engines, engine))
    throw unknownName('engine', engine, ['auto', ...Object.keys(engines)]);
}

/**
 * Makes the engine of that name. `auto` uses the first of `onnx`, `onnx-web` and `wasm` that loads, and warns
 * unless it is `onnx`. A program that cannot be traced runs on `wasm`, with a warning. A provider that is
 * requested by name is never replaced.
 */
export async function makeEngine(
  engine: EngineName | 'auto' | Engine = 'auto',
  { warn = emitWarning, ...options }: AutoOptions = {},
): Promise<Engine> {
  requireEngine(engine);
  if (typeof engine === 'object') return engine;
  if (engine !== 'auto') return engines[engine].start(options);
  for (const [name, next] of inTurn) {
    try {
      const main = await engines[name].start(options);
      return spare ? withFallback(main, spare, warn) : main;
    } catch (cause) {
      if (options.provider !== undefined || !spare) throw cause;
      warn(`${(cause as Error).message}. The engine ${next}`);
    }
  }
  return spare!();
}

/** Tries to start an engine; returns the reason as an error if it does not start. */
export const tryEngine = (name: EngineName, options: EngineOptions = {}): Promise<Engine | Error> =>
  engines[name]
    .start(options)
    .catch((cause: unknown) =>
      cause instanceof Error ? cause : failure(`The engine "${name}" did not start`, { got: String(cause) }),
    );
