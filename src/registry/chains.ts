import { type Kernel, kernels } from '../chains/index.ts';
import { make, type Named, type NamedIn } from './named.ts';

/** A name in `kernels`. */
export type KernelName = keyof typeof kernels;

/** What may stand for a transition of a chain: a name, a name with its options, or a kernel of your own. */
export type KernelSpec = NamedIn<typeof kernels> | Kernel;

/**
 * A kernel by name (`"mala"`), by name with options (`{ name: "hmc", leaps: 10 }`) or by value.
 * @throws usage for an unknown name (with the nearest known) and for a wrong option
 */
export function makeKernel(spec: KernelSpec): Kernel {
  if (typeof spec === 'object' && spec !== null && 'move' in spec) return spec;
  return make('kernel', kernels, spec as string | Named);
}
