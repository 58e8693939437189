// Computes for a page. A message names a function and its arguments; the answer has the same id.
import { type Desk, startEngine } from './work/engine.ts';
import type { Work } from './work/index.ts';

type Call = (args: unknown, desk: Desk) => Promise<unknown>;

const running: { stop?: AbortController } = {};

// The runtime starts while the rest of the code is on its way.
const functions = import('./work/index.ts');

addEventListener('message', async ({ data: { id, name, args, stop, runtime } }) => {
  if (runtime) return startEngine(runtime);
  if (stop) return running.stop?.abort();
  const control = new AbortController();
  running.stop = control;
  const report: Desk['report'] = news => postMessage({ id, news });
  try {
    const { work } = await functions;
    const value = await (work[name as keyof Work] as Call)(args, { signal: control.signal, report });
    postMessage({ id, value });
  } catch (error) {
    const { name, message } = error as Error;
    postMessage({ id, fault: { name, message } });
  }
});
