// Measures one workload in a process of its own and prints a JSON line: node one.js NAME [ENGINE] [THREADS]
import { type EngineName, makeEngine } from '../src/engine/index.ts';
import { measure } from './measure.ts';
import { noiseShare } from './noise.ts';
import { cache, scaling, workloads } from './workloads.ts';

const [name = '', engineName = 'onnx', threads] = process.argv.slice(2);
const engine = await makeEngine(engineName as EngineName, {
  cache,
  ...(threads && { threads: Number(threads) }),
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
