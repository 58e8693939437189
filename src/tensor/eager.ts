import { backends } from './backends.ts';
import type { Mode } from './mode.ts';
import { interpretedBy } from './mode.ts';
import { inner, outer } from './operands.ts';
import { tf } from './tf.ts';
import type { PlainTensor, Tensor } from './types.ts';

/** The mode that runs operations at once on the current tfjs backend. */
export const eager: Mode = {
  leaf: (data, shape) =>
    outer(typeof data === 'number' ? tf.scalar(data) : tf.tensor(Float32Array.from(data), [...shape])),
  apply: (_name, _inputs, _attributes, run) => run(),
  differentiate: (_name, _inputs, forward, run) => run(forward),
};

/** Makes `backend` the current backend; synchronous once `initialise` has loaded it. */
export function useBackend(backend: string): void {
  if (tf.getBackend() !== backend) void tf.setBackend(backend);
}

/** Loads a tfjs backend by name; false if it cannot run here. */
export async function initialise(backend: string): Promise<boolean> {
  try {
    await backends[backend]?.();
    return await tf.setBackend(backend);
  } catch {
    return false;
  }
}

/**
 * Runs a program on `backend` and frees all it allocated except its results. Results are new tensors with
 * lifetimes of their own, even if the program returns one of `inputs`, or the same tensor twice.
 */
export function runScoped(backend: string, inputs: readonly Tensor[], program: () => Tensor[]): Tensor[] {
  useBackend(backend);
  return tf
    .tidy(() => {
      const results = interpretedBy(eager, program);
      const shared = (x: Tensor, i: number) => inputs.includes(x) || results.indexOf(x) < i;
      return results.map((x, i) => (shared(x, i) ? tf.clone(inner(x)) : inner(x)));
    })
    .map(outer);
}

export function upload(backend: string, value: PlainTensor): Tensor {
  useBackend(backend);
  return outer(tf.tensor(value.data, [...value.shape], 'float32'));
}

export const download = async (x: Tensor): Promise<Float32Array> => (await inner(x).data()) as Float32Array;

export const dispose = (x: Tensor): void => inner(x).dispose();

/** Number of live tensors in tfjs: constant during a long solve, and at its initial value afterwards. */
export const liveTensors = (): number => tf.memory().numTensors;
