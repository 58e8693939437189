import { Worker } from 'node:worker_threads';
import type { InferenceSession } from 'onnxruntime-common';
import { failure } from '../../../errors.ts';
import type { PlainTensor } from '../../../tensor/index.ts';
import { type PackedModel, withFiles } from '../compile/packed.ts';
import type { Session } from './runtime.ts';

/** Opens a model on a thread of its own, beside which others and this one go on. */
export type Lane = (model: PackedModel) => Promise<Session>;

interface Reply {
  readonly id: number;
  readonly outputs?: PlainTensor[];
  readonly error?: string;
}

interface Waiting {
  resolve(reply: Reply): void;
  reject(cause: Error): void;
}

/** Lanes by number, each a worker that starts with the first model opened on it and keeps no process alive while it idles. */
export function makeLanes(options: InferenceSession.SessionOptions): (lane: number) => Lane {
  const lanes = new Map<number, Lane>();
  return number => {
    const lane = lanes.get(number) ?? openOn(ask(number), { ...options, intraOpNumThreads: 1 });
    lanes.set(number, lane);
    return lane;
  };
}

type Ask = (request: object, transferred?: ArrayBuffer) => Promise<Reply>;

const openOn =
  (asked: Ask, options: InferenceSession.SessionOptions): Lane =>
  async model => {
    const { id: session } = await asked({ model: model.bytes, options: withFiles(options, model) });
    return {
      run: async inputs => {
        const numbers = packed(inputs);
        const shapes = inputs.map(({ shape }) => shape);
        return (await asked({ session, numbers, shapes }, numbers.buffer)).outputs!;
      },
      release: async () => void (await asked({ session })),
    };
  };

/** All inputs one behind the other: one array changes hands quicker than the many small ones that tell a step its numbers. */
function packed(inputs: readonly PlainTensor[]): Float32Array<ArrayBuffer> {
  const numbers = new Float32Array(inputs.reduce((sum, { data }) => sum + data.length, 0));
  let at = 0;
  for (const { data } of inputs) {
    numbers.set(data, at);
    at += data.length;
  }
  return numbers;
}

function ask(number: number): Ask {
  const waiting = new Map<number, Waiting>();
  const held: { worker?: Worker; fault?: Error } = {};
  let next = 0;
  const start = () => {
    const worker = new Worker(new URL('./lane.mjs', import.meta.url), { name: `langevin lane ${number}` });
    worker.unref();
    worker.on('message', (reply: Reply) => {
      const call = waiting.get(reply.id)!;
      waiting.delete(reply.id);
      if (waiting.size === 0) worker.unref();
      if (reply.error === undefined) call.resolve(reply);
      else call.reject(new Error(reply.error));
    });
    worker.on('error', cause => {
      // Its sessions are gone with it, so nothing asked of it later can be answered.
      held.fault = stopped(number, cause as Error);
      for (const { reject } of waiting.values()) reject(held.fault);
      waiting.clear();
    });
    return worker;
  };
  return (request, transferred) =>
    new Promise((resolve, reject) => {
      if (held.fault) return reject(held.fault);
      held.worker ??= start();
      const { worker } = held;
      const id = next++;
      waiting.set(id, { resolve, reject });
      worker.ref();
      worker.postMessage({ id, ...request }, transferred ? [transferred] : []);
    });
}

const stopped = (number: number, cause: Error) =>
  failure('A worker of the engine "onnx" stopped', {
    where: `lane ${number}`,
    got: cause.message,
    remedy: 'Make the engine anew, with one thread (--threads 1) if it happens again: that needs no workers',
  });
