import { failure } from '../../../errors.ts';
import { disposedOf } from '../../disposed.ts';
import { type Channel, openChannel } from './channel.ts';
import type { Library } from './library.ts';

/** A lane's answer: the fields of its reply, or the error. */
interface Reply {
  readonly id: number;
  readonly error?: string;
}

/** Sends requests to a lane. The lane starts with the first request and keeps no process alive while idle. */
export interface Calls {
  ask<Answer>(
    request: object,
    transferred?: readonly ArrayBuffer[],
  ): Promise<Answer & { readonly id: number }>;
  /** Whether the lane can no longer answer. */
  ended(): boolean;
  /** Ends the lane after its pending requests; it accepts none afterwards. */
  close(): Promise<void>;
}

interface Waiting {
  resolve(reply: never): void;
  reject(cause: Error): void;
}

export function callsOf(number: number, library: Library, open: typeof openChannel = openChannel): Calls {
  const waiting = new Map<number, Waiting>();
  const state: { channel?: Channel; end?: Error; next: number } = { next: 0 };
  const gone = (cause?: Error) => {
    // Its sessions end with it, so no later request can succeed.
    state.end ??= workerFailure(library.engine, number, cause);
    for (const { reject } of waiting.values()) reject(state.end);
    waiting.clear();
  };
  const message = (reply: object) => {
    const { id, error } = reply as Reply;
    const call = waiting.get(id)!;
    waiting.delete(id);
    if (waiting.size === 0) state.channel?.hold(false);
    if (error === undefined) call.resolve(reply as never);
    else call.reject(new Error(error));
  };
  const ask: Calls['ask'] = (request, transferred = []) =>
    new Promise((resolve, reject) => {
      if (state.end) return reject(state.end);
      state.channel ??= open(`langevin lane ${number}`, library, { message, gone });
      const id = state.next++;
      waiting.set(id, { resolve, reject });
      state.channel.hold(true);
      state.channel.post({ id, ...request }, transferred);
    });
  return {
    ask,
    ended: () => state.end !== undefined,
    async close() {
      if (state.end) return;
      const last = state.channel && ask({ close: true });
      state.end = disposedOf(library.engine);
      await last;
    },
  };
}

const workerFailure = (engine: string, number: number, cause?: Error) =>
  failure(`A worker of the engine "${engine}" stopped`, {
    where: `lane ${number}`,
    got: cause?.message ?? 'no reason',
    remedy:
      'Make the engine anew, with one thread (--threads 1) if it happens again: that needs the least memory',
  });
