import { tf } from '../tf.ts';

export type Named = Record<string, tf.Tensor>;
export type Attributes = Record<string, unknown>;

/** A kernel of this package: its computation in tfjs operations, and its gradient in terms of kernels. */
export interface KernelDefinition {
  readonly name: string;
  compute(inputs: Named, attributes: Attributes): tf.Tensor | tf.Tensor[];
  /** What the gradient needs besides the cotangent; default: nothing. */
  readonly saves?: { readonly inputs?: readonly string[]; readonly outputs?: readonly boolean[] };
  gradient?(
    dy: readonly tf.Tensor[],
    saved: readonly tf.Tensor[],
    attributes: Attributes,
  ): Record<string, () => tf.Tensor>;
}

const EAGER = ['cpu', 'wasm', 'tensorflow'] as const;

/**
 * Registers a kernel with the eager backends. The tracing backend records it by name instead, and each
 * compiled engine lowers it in its own way; the gradient serves all.
 */
export function defineKernel({ name, compute, saves = {}, gradient }: KernelDefinition): void {
  for (const backendName of EAGER) {
    tf.registerKernel({
      kernelName: name,
      backendName,
      kernelFunc: ({ inputs, attrs }) =>
        tf.tidy(() => compute(inputs as unknown as Named, attrs as Attributes)) as never,
    });
  }
  if (!gradient) return;
  tf.registerGradient({
    kernelName: name,
    inputsToSave: [...(saves.inputs ?? [])],
    outputsToSave: [...(saves.outputs ?? [])],
    gradFunc: ((dy: tf.Tensor | tf.Tensor[], saved: tf.Tensor[], attributes: Attributes) =>
      gradient([dy].flat(), saved, attributes)) as never,
  });
}

/** Runs a kernel with one result on the current backend. */
export const runKernel = (name: string, inputs: Named, attributes: object): tf.Tensor =>
  tf.engine().runKernel(name, inputs, attributes as never) as tf.Tensor;

/** Runs a kernel with several results. */
export const runKernelMany = (name: string, inputs: Named, attributes: object): tf.Tensor[] =>
  tf.engine().runKernel(name, inputs, attributes as never) as tf.Tensor[];
