import { basename, dirname } from 'node:path';
import type { StoredAt } from '../../../files/index.ts';
import { sizeOf } from '../../../tensor/index.ts';
import { type ElementType, encodeModel, type OnnxGraph, type OnnxInitializer } from './model.ts';
import type { SessionOptions } from './session-options.ts';

/** A model whose larger constants stay outside it: it refers to each by a place in a file. */
export interface PackedModel {
  readonly bytes: Uint8Array;
  /** The in-memory files supplied with the model, under the names that it uses for them. */
  readonly externalData: readonly { readonly path: string; readonly data: Uint8Array }[];
  /** The folder of the files on disk. */
  readonly folder?: string | undefined;
  /** The files on disk, with their state at the time. */
  readonly files?: readonly string[];
  /** Whether those files are unchanged. */
  unchanged(): boolean;
}

/** Size in bytes from which a constant stays outside the model instead of being copied into it. */
const EXTERNAL = 1 << 16;

/** The model for a runtime on this machine; `encodeModel` makes a self-contained file. */
export function packModel(graph: OnnxGraph): PackedModel {
  const places = graph.initializers.flatMap(each =>
    isLarge(each) && each.stored?.unchanged() ? each.stored : [],
  );
  return places.length > 0 ? packWithFiles(graph, places) : packInMemory(graph);
}

/**
 * The runtime reads all external constants either from one folder or from memory. Constants in other folders
 * are copied into the model.
 */
function packWithFiles(graph: OnnxGraph, places: readonly StoredAt[]): PackedModel {
  const folder = dirname(places[0]!.path);
  const here = new Set(places.filter(({ path }) => dirname(path) === folder));
  const initializers = graph.initializers.map(initializer => {
    const { name, dtype, shape, stored } = initializer;
    if (!stored || !here.has(stored)) return initializer;
    const location = basename(stored.path);
    return { name, dtype, shape, location, offset: stored.offset, length: bytesOf(initializer) };
  });
  const files = new Map(places.map(place => [place.file, place]));
  return {
    bytes: encodeModel({ ...graph, initializers }),
    externalData: [],
    folder,
    files: [...files.keys()],
    unchanged: () => [...files.values()].every(place => place.unchanged()),
  };
}

function packInMemory(graph: OnnxGraph): PackedModel {
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

/** The options of a session, including where the model finds its larger constants. */
export const withFiles = (
  { extra, ...options }: SessionOptions,
  { externalData, folder }: Pick<PackedModel, 'externalData' | 'folder'>,
): SessionOptions => {
  const session = { ...(extra?.session as object), ...(folder && { [FOLDER]: folder }) };
  return { ...options, externalData, extra: { ...extra, session } };
};

/** onnxruntime's option for the folder of the files that a model names. */
const FOLDER = 'model_external_initializers_file_folder_path';

const isLarge = (initializer: OnnxInitializer) => bytesOf(initializer) >= EXTERNAL;
const bytesOf = ({ dtype, shape }: OnnxInitializer) => BYTES[dtype] * sizeOf(shape);

const BYTES: Record<ElementType, number> = { float32: 4, int32: 4, int64: 8, bool: 1, float64: 8 };
