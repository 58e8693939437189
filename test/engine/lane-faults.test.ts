import { EventEmitter } from 'node:events';
import { expect, it, vi } from 'vitest';
import { makeLanes } from '../../src/engine/onnx/sessions/lanes.ts';

const started = vi.hoisted(() => ({ workers: 0 }));

/** A worker that dies of the first thing it is told. */
vi.mock('node:worker_threads', () => ({
  Worker: class extends EventEmitter {
    constructor() {
      super();
      started.workers++;
    }
    ref() {}
    unref() {}
    postMessage() {
      setImmediate(() => this.emit('error', new Error('out of memory')));
    }
  },
}));

it('says that a worker stopped, and says so again when asked again: its sessions are gone', async () => {
  const open = makeLanes({})(3);
  const model = { bytes: new Uint8Array(1), externalData: [], unchanged: () => true };
  const words = /lane 3: A worker of the engine "onnx" stopped.*out of memory.*--threads 1/s;
  await expect(open(model)).rejects.toThrow(words);
  await expect(open(model)).rejects.toThrow(words);
  expect(started.workers).toBe(1);
});
