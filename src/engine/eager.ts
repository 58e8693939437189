import { failure } from '../errors.ts';
import { dispose, download, initialise, liveTensors, runScoped, upload } from '../tensor/eager.ts';
import type { PlainTensor, Tensor } from '../tensor/index.ts';
import type { Compiled, Engine, Program, Value } from './contract.ts';
import { disposedOf } from './disposed.ts';

const tensor = (value: Value) => value as Tensor;

/** An engine that runs each operation at once on a tfjs backend (`wasm`, `cpu`, `tensorflow`). */
export async function eagerEngine(name: string): Promise<Engine> {
  if (!(await initialise(name))) {
    throw failure(`The engine "${name}" did not start`, {
      remedy: 'Run `langevin doctor` to see what is missing',
    });
  }
  const programs = new Set<Compiled<never>>();
  const state = { ended: false };
  const disposeAll = async () => {
    state.ended = true;
    for (const each of programs) await each.dispose();
  };
  return Object.freeze({
    name,
    lanes: 1,
    compile: <A>(program: Program<A>, weights: readonly PlainTensor[] = []) => {
      const compiled = prepare(name, program, weights, state);
      const handle = Object.freeze({
        ...compiled,
        dispose: async () => {
          if (programs.delete(handle)) await compiled.dispose();
        },
      });
      programs.add(handle);
      return handle;
    },
    put: (value: PlainTensor) => upload(name, value),
    read: (value: Value) => download(tensor(value)),
    free: (...values: readonly Value[]) => {
      for (const value of values) dispose(tensor(value));
    },
    live: liveTensors,
    ended: () => state.ended,
    dispose: disposeAll,
    [Symbol.asyncDispose]: disposeAll,
  });
}

function prepare<A>(
  backend: string,
  program: Program<A>,
  weights: readonly PlainTensor[],
  engine: { readonly ended: boolean },
): Compiled<A> {
  const constants = weights.map(weight => upload(backend, weight));
  const run = (inputs: readonly Tensor[], args: A): Tensor[] => {
    if (engine.ended) throw disposedOf(backend);
    return runScoped(backend, [...constants, ...inputs], () => program(constants, [...inputs], args));
  };
  return Object.freeze({
    run: async (inputs: readonly Value[], args: A) => run(inputs.map(tensor), args),
    iterate: async (state: readonly Value[], args: readonly A[]) => {
      let values = state.map(tensor);
      for (const each of args) {
        const former = values;
        try {
          values = run(former, each);
        } finally {
          former.forEach(dispose);
        }
      }
      return values;
    },
    dispose: async () => constants.forEach(dispose),
  });
}
