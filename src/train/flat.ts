import {
  type PlainParams,
  type PlainTensor,
  reshape,
  type Shape,
  sizeOf,
  split,
  type Tensor,
} from '../tensor/index.ts';

/** All weights as one vector, so that the optimiser needs only a dozen operations for any network. */
export interface Layout {
  readonly names: readonly string[];
  readonly shapes: readonly Shape[];
  readonly sizes: readonly number[];
  readonly total: number;
}

export function layoutOf(params: PlainParams): Layout {
  const names = Object.keys(params);
  const shapes = names.map(name => params[name]!.shape);
  const sizes = shapes.map(sizeOf);
  return { names, shapes, sizes, total: sizes.reduce((sum, size) => sum + size, 0) };
}

export function flatten(params: PlainParams, layout: Layout): PlainTensor {
  const data = new Float32Array(layout.total);
  layout.names.reduce((at, name) => {
    data.set(params[name]!.data, at);
    return at + params[name]!.data.length;
  }, 0);
  return { data, shape: [layout.total] };
}

export function unflatten(flat: Float32Array, { names, shapes, sizes }: Layout): PlainParams {
  const params: PlainParams = {};
  names.reduce((at, name, i) => {
    params[name] = { data: flat.slice(at, at + sizes[i]!), shape: [...shapes[i]!] };
    return at + sizes[i]!;
  }, 0);
  return params;
}

/** The same inside a program: splits a flat vector into the list of weights. */
export const pieces = (flat: Tensor, { shapes, sizes }: Layout): Tensor[] =>
  (sizes.length === 1 ? [flat] : split(flat, sizes)).map((piece, i) => reshape(piece, shapes[i]!));
