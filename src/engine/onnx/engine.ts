import type { PlainTensor } from '../../tensor/index.ts';
import type { LeafValue } from '../../tensor/trace/replay.ts';
import type { Compiled, Engine, Program, Value } from '../contract.ts';
import { disposedOf } from '../disposed.ts';
import { type Networks, sharedNetworks } from './sessions/networks.ts';
import { type Plan, plan } from './sessions/plan.ts';
import type { OnnxRuntime } from './sessions/runtime.ts';

const plainOf = (value: Value) => value as PlainTensor;

/**
 * A compiled engine. It traces a program once for each branch and for each set of input shapes. onnxruntime
 * then runs it as one graph; an iterated program runs as one ONNX `Scan`.
 */
export function graphEngine(name: string, runtime: OnnxRuntime): Engine {
  const networks = sharedNetworks(runtime);
  const alive = { sessions: 0 };
  const calls = new Set<Promise<unknown>>();
  const state = { isDisposed: false };
  const dispose = async () => {
    state.isDisposed = true;
    // A call sends its lane several requests: it is complete when its promise settles.
    await Promise.allSettled(calls);
    await runtime.close();
  };
  const follow = async <T>(begin: () => Promise<T>): Promise<T> => {
    if (state.isDisposed) throw disposedOf(name);
    const call = begin();
    calls.add(call);
    return call.finally(() => calls.delete(call));
  };
  return Object.freeze({
    name,
    lanes: runtime.lanes,
    ...(runtime.mostRows && { mostRows: runtime.mostRows }),
    compile: <A>(program: Program<A>, weights: readonly PlainTensor[] = []) =>
      tracked(follow, prepare(runtime, networks, program, weights, alive)),
    put: (value: PlainTensor) => value,
    read: async (value: Value) => plainOf(value).data,
    free: () => {},
    live: () => alive.sessions,
    ended: runtime.ended,
    dispose,
    [Symbol.asyncDispose]: dispose,
  });
}

/** Follows a call from its begin to its end. */
type Follow = <T>(begin: () => Promise<T>) => Promise<T>;

/** The same program, with its calls followed. */
const tracked = <A>(follow: Follow, compiled: Compiled<A>): Compiled<A> =>
  Object.freeze({
    ...compiled,
    run: (...call: Parameters<Compiled<A>['run']>) => follow(() => compiled.run(...call)),
    iterate: (...call: Parameters<Compiled<A>['iterate']>) => follow(() => compiled.iterate(...call)),
  });

function prepare<A>(
  runtime: OnnxRuntime,
  networks: Networks,
  program: Program<A>,
  weights: readonly PlainTensor[],
  alive: { sessions: number },
): Compiled<A> {
  const plans = new Map<string, Plan<A>[]>();
  alive.sessions++;
  const match = (inputs: readonly Value[], args: A): { path: Plan<A>; leaves: LeafValue[] } => {
    const form = inputs.map(value => value.shape.join()).join(';');
    const paths = plans.get(form) ?? [];
    for (const path of paths) {
      const leaves = path.leaves(args);
      if (leaves) return { path, leaves };
    }
    const path = plan(
      runtime,
      networks,
      program,
      weights,
      inputs.map(value => value.shape),
      args,
    );
    plans.set(form, [path, ...paths]);
    const leaves = path.leaves(args);
    if (!leaves) throw new Error('A program took two branches for the same arguments: it is not pure');
    return { path, leaves };
  };
  return Object.freeze({
    run: async (inputs: readonly Value[], args: A, lane?: number) => {
      const { path, leaves } = match(inputs, args);
      return path.run(inputs.map(plainOf), leaves, lane);
    },
    iterate: async (state: readonly Value[], args: readonly A[], lane?: number) =>
      iterate(match, state.map(plainOf), args, lane),
    numbers: () => [...plans.values()].flat().reduce((sum, path) => sum + path.numbers(), 0),
    dispose: async () => {
      alive.sessions--;
      await Promise.all([...plans.values()].flat().map(each => each.dispose()));
      plans.clear();
    },
  });
}

/**
 * Runs the steps in stretches along one traced branch. A stretch of a closed program is one call even for a
 * single step, so the last step of a grid needs no session of its own.
 */
async function iterate<A>(
  match: (inputs: readonly Value[], args: A) => { path: Plan<A>; leaves: LeafValue[] },
  initial: readonly PlainTensor[],
  args: readonly A[],
  lane: number | undefined,
): Promise<PlainTensor[]> {
  let state = [...initial];
  for (let i = 0; i < args.length; ) {
    const { path, leaves } = match(state, args[i++]!);
    const stretch = [leaves];
    while (path.closed && i < args.length) {
      const next = path.leaves(args[i]!);
      if (!next) break;
      stretch.push(next);
      i++;
    }
    state = path.closed ? await path.iterate(state, stretch, lane) : await path.run(state, leaves, lane);
  }
  return state;
}
