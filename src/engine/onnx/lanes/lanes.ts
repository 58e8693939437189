import type { PlainTensor } from '../../../tensor/index.ts';
import type { SessionOptions } from '../compile/session-options.ts';
import { type Calls, callsOf } from './calls.ts';

/** A graph made ready to run; inputs and results come in the order of the model. */
export interface Session {
  run(inputs: readonly PlainTensor[]): Promise<LaneTensor[]>;
  release(): Promise<void>;
}

/** One on a lane, with the names of its inputs and results. */
export interface NamedSession extends Session {
  readonly inputs: readonly string[];
  readonly outputs: readonly string[];
}

/** A result, of the type that the model says: float32 in all that is traced here. */
export interface LaneTensor extends PlainTensor {
  readonly type: string;
}

/** What a lane knows of its runtime. */
export interface Runtime {
  readonly version: string;
  readonly backends: readonly { readonly name: string; readonly bundled: boolean }[];
}

/** onnxruntime beside this thread, which so stays free and can end at any time. */
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
          return (await calls.ask<{ values: LaneTensor[] }>(request, [numbers.buffer])).values;
        },
        // Those of a lane that has ended have ended with it.
        release: async () => void (calls.ended() || (await calls.ask({ session: id }))),
      };
    },
    ended: calls.ended,
    close: calls.close,
  };
}

/** Lanes by number, each made when it is first asked for. */
export interface Lanes {
  lane(number: number): Lane;
  /** Whether one of them is lost, or all are closed. */
  ended(): boolean;
  close(): Promise<void>;
}

export function makeLanes(make: (number: number) => Lane = number => makeLane(callsOf(number))): Lanes {
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
