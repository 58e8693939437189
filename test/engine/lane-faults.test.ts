import { expect, it } from 'vitest';
import { callsOf } from '../../src/engine/onnx/lanes/calls.ts';
import type { Listener } from '../../src/engine/onnx/lanes/channel.ts';
import { makeLane } from '../../src/engine/onnx/lanes/lanes.ts';
import { type Library, nativeLibrary } from '../../src/engine/onnx/lanes/library.ts';

/** A lane that ends at its first request. */
function dying(cause?: Error) {
  const started = { lanes: 0 };
  const open = (_name: string, _library: Library, { gone }: Listener) => {
    started.lanes++;
    return { post: () => void setImmediate(() => gone(cause)), hold: () => {} };
  };
  return { started, lane: makeLane(callsOf(3, nativeLibrary, open)) };
}

it.each([
  [new Error('out of memory'), /out of memory/],
  [undefined, /no reason/],
])(
  'reports that a worker stopped, also at later requests, since its sessions are lost',
  async (cause, words) => {
    const { started, lane } = dying(cause);
    const told = new RegExp(
      `lane 3: A worker of the engine "onnx" stopped.*${words.source}.*--threads 1`,
      's',
    );
    await expect(lane.open(new Uint8Array(1), {})).rejects.toThrow(told);
    await expect(lane.open(new Uint8Array(1), {})).rejects.toThrow(told);
    expect(started.lanes).toBe(1);
  },
);
