import { type Engine, type EngineName, makeEngine, tryEngine } from '../../src/engine/index.ts';

const tensorflow = await tryEngine('tensorflow');

/** Why tests leave out the engine `tensorflow`; undefined if it runs. */
export const tensorflowAbsent = tensorflow instanceof Error ? tensorflow.message : undefined;

/**
 * The engines that are compared with the reference `cpu`. They include `tensorflow` if its native library is
 * installed.
 */
export const otherEngines: readonly EngineName[] = [
  'wasm',
  'onnx',
  'onnx-web',
  ...(tensorflowAbsent ? [] : (['tensorflow'] as const)),
];

export async function startEngines(): Promise<Record<string, Engine>> {
  const started: Record<string, Engine> = {};
  for (const name of ['cpu', ...otherEngines] as const) started[name] = await makeEngine(name);
  return started;
}
