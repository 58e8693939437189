import { basename, dirname } from 'node:path';
import type { StoredAt } from '../../../files/index.ts';
import { sizeOf } from '../../../tensor/index.ts';
import { type ElementType, encodeModel, type OnnxGraph, type OnnxInitializer } from './model.ts';
import type { SessionOptions } from './session-options.ts';

/** A model whose larger constants stay where they are: it knows each by a place in a file. */
export interface PackedModel {
  readonly bytes: Uint8Array;
  /** The files that are handed over with the model, under the names by which it knows them. */
  readonly externalData: readonly { readonly path: string; readonly data: Uint8Array }[];
  /** Where the files lie that are not. */
  readonly folder?: string | undefined;
  /** Those files, as they are. */
  readonly files?: readonly string[];
  /** Whether those still hold what they did. */
  unchanged(): boolean;
}

/** Bytes from which on a constant stays where it is, in place of copied into the model. */
const EXTERNAL = 1 << 16;

/** The model for a runtime on this machine; `encodeModel` makes a file of its own. */
export function packModel(graph: OnnxGraph): PackedModel {
  const places = graph.initializers.flatMap(each =>
    isLarge(each) && each.stored?.unchanged() ? each.stored : [],
  );
  return places.length > 0 ? packWithFiles(graph, places) : packInMemory(graph);
}

/** The runtime looks for all constants in one folder, or for all in what is handed over: those of other folders go into the model. */
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

/** The options of a session, and where the model finds its larger constants. */
export const withFiles = (
  { extra, ...options }: SessionOptions,
  { externalData, folder }: Pick<PackedModel, 'externalData' | 'folder'>,
): SessionOptions => {
  const session = { ...(extra?.session as object), ...(folder && { [FOLDER]: folder }) };
  return { ...options, externalData, extra: { ...extra, session } };
};

/** What onnxruntime calls the folder of the files that a model names. */
const FOLDER = 'model_external_initializers_file_folder_path';

const isLarge = (initializer: OnnxInitializer) => bytesOf(initializer) >= EXTERNAL;
const bytesOf = ({ dtype, shape }: OnnxInitializer) => BYTES[dtype] * sizeOf(shape);

const BYTES: Record<ElementType, number> = { float32: 4, int32: 4, int64: 8, bool: 1, float64: 8 };
