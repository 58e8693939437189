import type { Mode } from './mode.ts';
import { interpretedBy } from './mode.ts';
import { inner, outer } from './operands.ts';
import { tf } from './tf.ts';
import type { PlainTensor, Tensor } from './types.ts';

/** Operations run at once on the present tfjs backend. */
export const eager: Mode = {
  leaf: (data, shape) =>
    outer(typeof data === 'number' ? tf.scalar(data) : tf.tensor(Float32Array.from(data), [...shape])),
  apply: (_name, _inputs, _attributes, run) => run(),
  differentiate: (_name, _inputs, forward, run) => run(forward),
};

/** Makes `backend` the one that runs; synchronous once `initialise` has seen it. */
export function use(backend: string): void {
  if (tf.getBackend() !== backend) void tf.setBackend(backend);
}

/** The backends of the tfjs packages that are installed with this one; their import registers them. */
const packages: Readonly<Record<string, () => Promise<unknown>>> = {
  wasm: () => import('@tensorflow/tfjs-backend-wasm'),
  cpu: () => import('@tensorflow/tfjs-backend-cpu'),
};

/** Loads a tfjs backend by name; false where it cannot run here. */
export async function initialise(backend: string): Promise<boolean> {
  try {
    await packages[backend]?.();
    return await tf.setBackend(backend);
  } catch {
    return false;
  }
}

/**
 * Runs a program on `backend` and frees all it allocated but its results. Results are new tensors, each with a life of its
 * own, even where the program hands one of `given` or the same tensor twice.
 */
export function runScoped(backend: string, given: readonly Tensor[], program: () => Tensor[]): Tensor[] {
  use(backend);
  return tf
    .tidy(() => {
      const results = interpretedBy(eager, program);
      const shared = (x: Tensor, i: number) => given.includes(x) || results.indexOf(x) < i;
      return results.map((x, i) => (shared(x, i) ? tf.clone(inner(x)) : inner(x)));
    })
    .map(outer);
}

export function upload(backend: string, value: PlainTensor): Tensor {
  use(backend);
  return outer(tf.tensor(value.data, [...value.shape], 'float32'));
}

export const download = async (x: Tensor): Promise<Float32Array> => (await inner(x).data()) as Float32Array;

export const dispose = (x: Tensor): void => inner(x).dispose();

/** Tensors alive in tfjs: constant over a long solve, back to its start after it. */
export const liveTensors = (): number => tf.memory().numTensors;
