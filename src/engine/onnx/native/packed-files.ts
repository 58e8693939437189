import { basename, dirname } from 'node:path';
import type { StoredAt } from '../../../files/index.ts';
import { encodeModel, type OnnxGraph } from '../compile/model.ts';
import { bytesOf, isLarge, type PackedModel, packInMemory } from '../compile/packed.ts';
import type { SessionOptions } from '../compile/session-options.ts';

/** The model for a runtime on this machine: constants in files stay there. */
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
  const inFolder = new Set(places.filter(({ path }) => dirname(path) === folder));
  const initializers = graph.initializers.map(initializer => {
    const { name, dtype, shape, stored } = initializer;
    if (!stored || !inFolder.has(stored)) return initializer;
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

/** The options of a session, including the folder of the files of the model. */
export const withFiles = (
  { extra, ...options }: SessionOptions,
  { externalData, folder }: Pick<PackedModel, 'externalData' | 'folder'>,
): SessionOptions => {
  const session = { ...(extra?.session as object), ...(folder && { [FOLDER]: folder }) };
  return { ...options, externalData, extra: { ...extra, session } };
};

/** onnxruntime's option for the folder of the files of a model. */
const FOLDER = 'model_external_initializers_file_folder_path';
