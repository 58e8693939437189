import { type PlainTensor, sizeOf } from '../../../tensor/index.ts';
import type { LeafValue } from '../../../tensor/trace/replay.ts';
import type { Trace } from '../../../tensor/trace/trace.ts';
import { lowerScan } from '../compile/lower.ts';
import type { OnnxGraph } from '../compile/model.ts';
import { stepCounts, unroll } from '../compile/unroll.ts';
import type { OnnxRuntime } from './runtime.ts';
import { type Sessions, sessionsOf } from './sessions.ts';

/** A traced step applied again and again, with the leaves of each step. */
export interface Repetition {
  iterate(
    state: readonly PlainTensor[],
    leaves: readonly (readonly LeafValue[])[],
    lane: number | undefined,
  ): Promise<PlainTensor[]>;
  /** How many sessions are open. */
  count(): number;
  close(): Promise<void>;
}

/**
 * All steps in one call, by a `Scan`. If the provider has no such loop, the state would go to the CPU and
 * back at every step. Then many steps are written out in one graph, fewer in another, and the rest run one by
 * one (`single`). A step that is too large for this stays in the `Scan`.
 */
export function repetition(
  runtime: OnnxRuntime,
  traced: Trace,
  lowered: () => OnnxGraph,
  states: number,
  single: Sessions,
): Repetition {
  const scan = inOneCall(runtime, traced, lowered, states);
  if (!runtime.loopless) return scan;
  const stretches = { ready: undefined as readonly Stretch[] | undefined };
  const stretchesOf = () => {
    stretches.ready ??= writtenOut(runtime, lowered(), states);
    return stretches.ready;
  };
  return {
    async iterate(state, leaves, lane) {
      const longer = stretchesOf();
      if (longer.length === 0) return scan.iterate(state, leaves, lane);
      let current = [...state];
      for (let at = 0; at < leaves.length; ) {
        const stretch = longer.find(({ steps }) => at + steps <= leaves.length);
        const { steps, sessions } = stretch ?? { steps: 1, sessions: single };
        const some = leaves.slice(at, at + steps);
        const inputs = stretch ? stacks(traced, some) : leafTensors(traced, some[0]!);
        current = await (await sessions.on(lane)).run([...current, ...inputs]);
        at += steps;
      }
      return current;
    },
    count: () => (stretches.ready ?? []).reduce((sum, { sessions }) => sum + sessions.count(), scan.count()),
    async close() {
      const open = stretches.ready ?? [];
      await Promise.all([scan.close(), ...open.map(({ sessions }) => sessions.close())]);
    },
  };
}

/** A graph of several steps. */
interface Stretch {
  readonly steps: number;
  readonly sessions: Sessions;
}

const writtenOut = (runtime: OnnxRuntime, body: OnnxGraph, states: number): Stretch[] =>
  stepCounts(body).map(steps => ({
    steps,
    sessions: sessionsOf(runtime, () => runtime.pack(unroll(body, states, steps))),
  }));

function inOneCall(runtime: OnnxRuntime, traced: Trace, body: () => OnnxGraph, states: number): Repetition {
  const sessions = sessionsOf(runtime, () => runtime.pack(lowerScan(body(), states)));
  return {
    iterate: async (state, leaves, lane) =>
      (await sessions.on(lane)).run([...state, ...stacks(traced, leaves)]),
    count: sessions.count,
    close: sessions.close,
  };
}

const float32 = (value: LeafValue): Float32Array => {
  if (typeof value === 'number') return Float32Array.of(value);
  return value instanceof Float32Array ? value : new Float32Array(value);
};

/** The leaves of one step. */
export const leafTensors = (traced: Trace, leaves: readonly LeafValue[]): PlainTensor[] =>
  leaves.map((value, i) => ({ data: float32(value), shape: traced.leafShapes[i]! }));

/** The leaves of several steps, one stack for each leaf: [steps, ...shape]. */
function stacks(traced: Trace, steps: readonly (readonly LeafValue[])[]): PlainTensor[] {
  return traced.leafShapes.map((shape, i) => {
    const size = sizeOf(shape);
    const data = new Float32Array(steps.length * size);
    for (let k = 0; k < steps.length; k++) {
      const value = steps[k]![i]!;
      if (typeof value === 'number') data[k] = value;
      else data.set(value, k * size);
    }
    return { data, shape: [steps.length, ...shape] };
  });
}
