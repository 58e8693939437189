import type { RunFiles } from '../work/runs.ts';

/** The files of a run among those that were dropped. @throws Error that says which are missing */
export async function runFiles(files: readonly File[]): Promise<RunFiles> {
  const bytes = async (file: File) => new Uint8Array(await file.arrayBuffer());
  const config = files.find(({ name }) => name === 'config.json');
  const weights = files.find(({ name }) => name.endsWith('.safetensors') && !name.startsWith('state'));
  if (!weights)
    throw new Error('No model among these files: drop config.json and model.safetensors together.');
  return config
    ? { config: await bytes(config), weights: await bytes(weights) }
    : { file: await bytes(weights) };
}
