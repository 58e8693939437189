import { fork } from 'node:child_process';
import { isMainThread, Worker } from 'node:worker_threads';
import { guardedFlags } from './exit.ts';
import type { Library } from './library.ts';

/** Callbacks for the answers of a lane and for its end, with the cause if the end was not requested. */
export interface Listener {
  message(reply: object): void;
  gone(cause?: Error): void;
}

/** The connection to a lane, which runs in parallel with this thread. */
export interface Channel {
  post(message: object, transferred: readonly ArrayBuffer[]): void;
  /** Sets whether the lane keeps this process alive. */
  hold(isBusy: boolean): void;
}

const lane = new URL('./lane.mjs', import.meta.url);

/**
 * A thread, or a process for native code if this thread is itself a worker. The parent of a worker can end
 * it, and its own threads, at any moment. A thread that ends within a native call of onnxruntime ends the
 * whole process. WebAssembly can be stopped anywhere.
 */
export const openChannel = (name: string, library: Library, listener: Listener): Channel =>
  isMainThread || library.package === 'onnxruntime-web'
    ? openThread(name, library, listener)
    : openProcess(library, listener);

function openThread(name: string, library: Library, listener: Listener): Channel {
  const guard = library.package === 'onnxruntime-web' ? unguarded : guardedFlags();
  const worker = new Worker(lane, { name, workerData: { flags: guard.flags, library } });
  worker.unref();
  worker.on('message', listener.message);
  worker.on('error', (cause: unknown) => {
    guard.release();
    listener.gone(cause instanceof Error ? cause : new Error(String(cause)));
  });
  worker.on('exit', () => {
    guard.release();
    listener.gone();
  });
  return {
    post: (message, transferred) => worker.postMessage(message, [...transferred]),
    hold: held => (held ? worker.ref() : worker.unref()),
  };
}

/** WebAssembly needs no flags: a process that ends can stop it at any time. */
const unguarded = { flags: undefined, release: () => {} };

function openProcess(library: Library, listener: Listener): Channel {
  const child = fork(lane, [JSON.stringify(library)], { serialization: 'advanced', execArgv: [] });
  const hold = (isBusy: boolean) => {
    for (const part of [child, child.channel])
      if (isBusy) part?.ref();
      else part?.unref();
  };
  hold(false);
  child.on('message', message => listener.message(message as object));
  child.on('error', cause => listener.gone(cause));
  child.on('exit', (code, signal) => {
    listener.gone(code === 0 ? undefined : new Error(`its process ended with ${signal ?? code}`));
  });
  return { post: message => void child.send(message), hold };
}
