import { failure } from '../errors.ts';
import { dispose, download, initialise, liveTensors, runScoped, upload } from '../tensor/eager.ts';
import type { PlainTensor, Tensor } from '../tensor/index.ts';
import type { Compiled, Engine, Program, Value } from './contract.ts';

const tensor = (value: Value) => value as Tensor;

/** An engine that runs each operation at once on a tfjs backend (`wasm`, `cpu`, `tensorflow`). */
export async function eagerEngine(name: string): Promise<Engine> {
  if (!(await initialise(name))) {
    throw failure(`The engine "${name}" did not start`, {
      remedy: 'Run `langevin doctor` to see what is missing',
    });
  }
  return Object.freeze({
    name,
    compile: <A>(program: Program<A>, weights: readonly PlainTensor[] = []) =>
      prepare(name, program, weights),
    put: (value: PlainTensor) => upload(name, value),
    read: (value: Value) => download(tensor(value)),
    free: (...values: readonly Value[]) => {
      for (const value of values) dispose(tensor(value));
    },
    live: liveTensors,
  });
}

function prepare<A>(backend: string, program: Program<A>, weights: readonly PlainTensor[]): Compiled<A> {
  const constants = weights.map(weight => upload(backend, weight));
  const run = (inputs: readonly Value[], args: A): Tensor[] =>
    runScoped(backend, () => program(constants, inputs.map(tensor), args));
  return Object.freeze({
    run: async (inputs: readonly Value[], args: A) => run(inputs, args),
    iterate: async (state: readonly Value[], args: readonly A[]) => {
      let held = state.map(tensor);
      for (const each of args) {
        const next = run(held, each);
        held.forEach(dispose);
        held = next;
      }
      return held;
    },
    dispose: async () => constants.forEach(dispose),
  });
}
