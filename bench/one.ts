// Measures one workload in a process of its own and prints a JSON line:
// node one.js NAME [--engine NAME] [--threads N] [--provider NAME]
import { parseArgs } from 'node:util';
import { type EngineName, makeEngine } from '../src/engine/index.ts';
import { measure } from './measure.ts';
import { noiseShare } from './noise.ts';
import { cache, scaling, workloads } from './workloads.ts';

const { values, positionals } = parseArgs({
  options: { engine: { type: 'string' }, threads: { type: 'string' }, provider: { type: 'string' } } as const,
  allowPositionals: true,
});
const [name = ''] = positionals;
const engine = await makeEngine((values.engine ?? 'onnx') as EngineName, {
  cache,
  ...(values.threads && { threads: Number(values.threads) }),
  ...(values.provider && { provider: values.provider }),
});

async function result(): Promise<unknown> {
  const noise = /^noise-(\d+)$/.exec(name);
  if (noise) return noiseShare(engine, Number(noise[1]));
  const work = { ...workloads, ...scaling }[name];
  if (!work) throw new Error(`No workload "${name}"; there are: ${Object.keys(workloads).join(', ')}`);
  return measure(name, work, engine);
}

console.log(JSON.stringify(await result()));
// Native threads and unfinished generators must not keep the process alive.
process.exit(0);
