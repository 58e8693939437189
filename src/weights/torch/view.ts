import { failure } from '../../errors.ts';
import { isShape } from '../../files/numbers.ts';
import type { Dtype } from './dtypes.ts';

/** Numbers outside the pickle, with their key in the file. */
export interface StorageRef {
  readonly key: string;
  readonly bytes: number;
  /** Missing if only bytes are known. */
  readonly type?: Dtype;
}

/**
 * A view of a storage: element (i₁, …, iₖ) has index offset + Σ iⱼ·strides[j]. Several views may share a
 * storage.
 */
export interface TensorRef {
  readonly storage: StorageRef;
  readonly type: Dtype;
  readonly offset: number;
  readonly shape: readonly number[];
  readonly strides: readonly number[];
}

/**
 * A view that was checked against its storage.
 * @throws failure for numbers that are not whole numbers from 0, and for a view that reaches outside its
 * storage
 */
export function checkedView(view: TensorRef, where: string): TensorRef {
  const { storage, type, offset, shape, strides } = view;
  const at = `${where}, storage "${storage.key}"`;
  const whole = isShape(shape) && isShape(strides) && isShape([offset]) && shape.length === strides.length;
  if (!whole || shape.length > 64)
    throw failure('an impossible tensor', {
      where: at,
      got: `shape [${shape}], strides [${strides}], offset ${offset}`,
    });
  const empty = shape.includes(0);
  const furthest = offset + shape.reduce((sum, extent, axis) => sum + (extent - 1) * strides[axis]!, 0);
  const capacity = Math.floor(storage.bytes / type.size);
  if (!empty && !(furthest < capacity))
    throw failure('a tensor reaches outside its storage', {
      where: at,
      got: `element ${furthest}`,
      expected: `at most ${capacity - 1}`,
    });
  return view;
}

export const elements = ({ shape }: TensorRef): number => shape.reduce((count, extent) => count * extent, 1);

/** The bytes of a view in row-major order. */
export function gather(view: TensorRef, storage: Uint8Array): Uint8Array {
  const { shape, strides, offset, type } = view;
  const count = elements(view);
  if (isRowMajor(view)) return storage.subarray(offset * type.size, (offset + count) * type.size);
  const out = new Uint8Array(count * type.size);
  const index = shape.map(() => 0);
  let from = offset;
  for (let i = 0; i < count; i++) {
    for (let b = 0; b < type.size; b++) out[i * type.size + b] = storage[from * type.size + b]!;
    for (let axis = shape.length - 1; axis >= 0; axis--) {
      from += strides[axis]!;
      if (++index[axis]! < shape[axis]!) break;
      from -= strides[axis]! * shape[axis]!;
      index[axis] = 0;
    }
  }
  return out;
}

/** Whether the elements are contiguous. The stride of an axis of length 1 does not matter. */
function isRowMajor({ shape, strides }: TensorRef): boolean {
  let expected = 1;
  for (let axis = shape.length - 1; axis >= 0; axis--) {
    if (shape[axis] !== 1 && strides[axis] !== expected) return false;
    expected *= shape[axis]!;
  }
  return true;
}
