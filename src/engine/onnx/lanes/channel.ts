import { fork } from 'node:child_process';
import { isMainThread, Worker } from 'node:worker_threads';
import { guardedFlags } from './exit.ts';

/** Who is told what a lane answers, and that it is gone, with the cause where it was not asked to go. */
export interface Listener {
  message(reply: object): void;
  gone(cause?: Error): void;
}

/** The way to a lane, which runs beside this thread. */
export interface Channel {
  post(message: object, transferred: readonly ArrayBuffer[]): void;
  /** Whether it keeps this process alive. */
  hold(held: boolean): void;
}

const lane = new URL('./lane.mjs', import.meta.url);

/**
 * A thread, or a process where this thread is itself a worker: whoever made that may end it at any moment, its own threads with it, and
 * a thread that ends within a native call of onnxruntime takes the whole process along.
 */
export const openChannel = (name: string, listener: Listener): Channel =>
  isMainThread ? openThread(name, listener) : openProcess(listener);

function openThread(name: string, listener: Listener): Channel {
  const guard = guardedFlags();
  const worker = new Worker(lane, { name, workerData: { flags: guard.flags } });
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

function openProcess(listener: Listener): Channel {
  const child = fork(lane, { serialization: 'advanced', execArgv: [] });
  const hold = (held: boolean) => {
    for (const part of [child, child.channel])
      if (held) part?.ref();
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
