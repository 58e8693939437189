// Computes for a page. A message names a function and its arguments; the answer has the same id.
import { type Desk, engine } from './work/engine.ts';
import { play } from './work/play.ts';
import { runs } from './work/runs.ts';
import { tables } from './work/tables.ts';

const work = { ...play, ...runs, ...tables };
/** The functions of the worker. */
export type Work = typeof work;

type Call = (args: unknown, desk: Desk) => Promise<unknown>;

const running: { stop?: AbortController } = {};

// The runtime loads while the page is still asking for something. A fault comes with the first call.
engine().catch(() => {});

addEventListener('message', async ({ data: { id, name, args, stop } }) => {
  if (stop) return running.stop?.abort();
  const control = new AbortController();
  running.stop = control;
  const report: Desk['report'] = news => postMessage({ id, news });
  try {
    const value = await (work[name as keyof Work] as Call)(args, { signal: control.signal, report });
    postMessage({ id, value });
  } catch (error) {
    const { name, message } = error as Error;
    postMessage({ id, fault: { name, message } });
  }
});
