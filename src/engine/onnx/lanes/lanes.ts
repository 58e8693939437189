import type { PlainTensor } from '../../../tensor/index.ts';
import type { SessionOptions } from '../compile/session-options.ts';
import type { ResultTensor, Session } from '../sessions/runtime.ts';
import { type Calls, callsOf } from './calls.ts';
import type { Library } from './library.ts';

/** A session on a lane, with the names of its inputs and results. */
export interface NamedSession extends Session {
  readonly inputs: readonly string[];
  readonly outputs: readonly string[];
}

/** What a lane reports about its runtime. */
export interface Runtime {
  readonly version: string;
  readonly backends: readonly { readonly name: string; readonly bundled: boolean }[];
}

/** onnxruntime on another thread, so that this thread stays free and can end at any time. */
export interface Lane {
  /** Loads the library. */
  start(): Promise<Runtime>;
  open(bytes: Uint8Array, options: SessionOptions): Promise<NamedSession>;
  ended(): boolean;
  close(): Promise<void>;
}

export function makeLane(calls: Calls): Lane {
  return {
    start: () => calls.ask<Runtime>({}),
    async open(model, options) {
      const { id, inputs, outputs } = await calls.ask<Pick<NamedSession, 'inputs' | 'outputs'>>({
        model,
        options,
      });
      return {
        inputs,
        outputs,
        async run(values) {
          const numbers = packed(values);
          const shapes = values.map(({ shape }) => shape);
          const request = { session: id, numbers, shapes };
          return (await calls.ask<{ values: ResultTensor[] }>(request, [numbers.buffer])).values;
        },
        // The sessions of a lane end with the lane.
        release: async () => void (calls.ended() || (await calls.ask({ session: id }))),
      };
    },
    ended: calls.ended,
    close: calls.close,
  };
}

/** Lanes by number, each created at its first use. */
export interface Lanes {
  lane(number: number): Lane;
  /** Whether a lane is lost, or all are closed. */
  ended(): boolean;
  close(): Promise<void>;
}

export function makeLanes(
  library: Library,
  make: (number: number) => Lane = number => makeLane(callsOf(number, library)),
): Lanes {
  const lanes = new Map<number, Lane>();
  return {
    lane(number) {
      const lane = lanes.get(number) ?? make(number);
      lanes.set(number, lane);
      return lane;
    },
    ended: () => [...lanes.values()].some(lane => lane.ended()),
    close: async () => void (await Promise.all([...lanes.values()].map(lane => lane.close()))),
  };
}

/** All inputs in one array, since transferring one array is faster than many small ones. */
function packed(inputs: readonly PlainTensor[]): Float32Array<ArrayBuffer> {
  const numbers = new Float32Array(inputs.reduce((sum, { data }) => sum + data.length, 0));
  let at = 0;
  for (const { data } of inputs) {
    numbers.set(data, at);
    at += data.length;
  }
  return numbers;
}
