import { type Engine, type EngineName, makeEngine, tryEngine } from '../../src/engine/index.ts';

const tensorflow = await tryEngine('tensorflow');

/** Why the engine `tensorflow` is left out of tests; undefined where it runs. */
export const tensorflowAbsent = tensorflow instanceof Error ? tensorflow.message : undefined;

/** The engines compared with the reference `cpu`: `tensorflow` among them where its native library is. */
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
