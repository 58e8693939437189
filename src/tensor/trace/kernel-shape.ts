import type { Shape } from '../types.ts';
import type { DType, GraphValue } from './graph.ts';

/** Shape and type of one result of a kernel. */
export interface Inferred {
  readonly shape: Shape;
  readonly dtype: DType;
}
/** Attributes of a kernel, as tfjs passes them. */
export type Attributes = Readonly<Record<string, unknown>>;

/** How one kernel is traced: the names of its inputs in order, and the shapes of its results. */
export interface KernelShape {
  readonly inputs: readonly string[] | 'list';
  infer(inputs: readonly GraphValue[], attributes: Attributes): readonly Inferred[];
}
