import { sizeOf } from '../../../tensor/index.ts';
import { type ElementType, encodeModel, type OnnxGraph, type OnnxInitializer } from './model.ts';

/** A model whose larger constants are outside it: it refers to each by its position in a file. */
export interface PackedModel {
  readonly bytes: Uint8Array;
  /** The in-memory files that belong to the model, by the names that it uses for them. */
  readonly externalData: readonly { readonly path: string; readonly data: Uint8Array }[];
  /** The folder of the files on disk. */
  readonly folder?: string | undefined;
  /** The files on disk, with their state when the model was made. */
  readonly files?: readonly string[];
  /** Whether those files are unchanged. */
  unchanged(): boolean;
}

/** Constants of at least this size in bytes stay outside the model instead of being copied into it. */
const EXTERNAL = 1 << 16;

/** The model with its larger constants in memory; `encodeModel` makes a self-contained file. */
export function packInMemory(graph: OnnxGraph): PackedModel {
  const externalData: { path: string; data: Uint8Array }[] = [];
  const initializers = graph.initializers.map(initializer => {
    if (!isLarge(initializer)) return initializer;
    const { name, dtype, shape, data } = initializer;
    const location = `constant-${externalData.length}`;
    externalData.push({
      path: location,
      data: new Uint8Array(data.buffer, data.byteOffset, data.byteLength),
    });
    return { name, dtype, shape, location, offset: 0, length: data.byteLength };
  });
  return { bytes: encodeModel({ ...graph, initializers }), externalData, unchanged: () => true };
}

export const isLarge = (initializer: OnnxInitializer): boolean => bytesOf(initializer) >= EXTERNAL;
export const bytesOf = ({ dtype, shape }: OnnxInitializer): number => BYTES[dtype] * sizeOf(shape);

const BYTES: Record<ElementType, number> = { float32: 4, int32: 4, int64: 8, bool: 1, float64: 8 };
