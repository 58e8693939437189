import { resolve } from 'node:path';
import { shellWord } from '../errors/shell.ts';
import { clipped, closest, requireText, usage } from '../errors.ts';
import { isFolder } from '../files/disk.ts';
import type { Dataset } from './contract.ts';
import { datasetOf, type OpenOptions, readingOf } from './dataset-of.ts';
import { fileEndings } from './formats/readers.ts';
import { isFileName, loadTable } from './load.ts';
import { type NamedFile, openNamedFile } from './open-named.ts';
import { openToy } from './open-toy.ts';
import { type ToyName, toys } from './toys/index.ts';

export type { OpenOptions } from './dataset-of.ts';
export type { NamedFile } from './open-named.ts';

/**
 * Opens a toy density by its name, a file or folder of images by its path, or a `File` of a form.
 *
 * Defaults: images of 256 levels (IDX, CIFAR-10, folders of images) and data with `levels` are dequantised
 * and scaled to [−1, 1]. Everything else is standardised. `part`, `testFraction` and `seed` choose rows of a
 * file. A density has streams instead of rows.
 * @throws usage for an unknown name (with the nearest one), a missing file, an unsupported extension, and
 *   options that do not fit; failure for damaged or unsuitable contents
 */
export async function openDataset(spec: string | NamedFile, options: OpenOptions = {}): Promise<Dataset> {
  if (typeof spec === 'object' && spec !== null) return openNamedFile(spec, options);
  requireText('name or path of data', spec);
  if (Object.hasOwn(toys, spec)) return openToy(spec as ToyName, options);
  refuseElsewhere(spec);
  if (!isFileName(spec) && !(await isFolder(spec))) throw unknownData(spec);
  const loaded = await loadTable(spec, readingOf(options));
  try {
    return Object.freeze({ ...datasetOf(spec, loaded, options), path: resolve(spec) });
  } catch (error) {
    loaded.table.values.close?.();
    throw error;
  }
}

/** Data are read only from files and folders. */
function refuseElsewhere(spec: string): void {
  if (spec === '-')
    throw usage('Data are not read from standard input', {
      remedy: 'Write them to a file, and name the file: cat > data.csv',
    });
  if (!/^[a-z][a-z\d+.-]+:\/\//i.test(spec)) return;
  const name =
    spec
      .replace(/[?#].*$/, '')
      .split('/')
      .at(-1) || 'data.csv';
  throw usage('Data are not read over the network', {
    got: spec,
    remedy: `Download the file, and name it: curl -L -o ${shellWord(name)} ${shellWord(spec)}`,
  });
}

function unknownData(spec: string) {
  const names = Object.keys(toys);
  const near = closest(clipped(spec, 80), names);
  return usage(`Unknown data "${clipped(spec)}"${near ? `. Did you mean "${near}"?` : ''}`, {
    expected: `a toy density (${names.join(', ')}) or a path ending in ${fileEndings.join(', ')}, each also with .gz, or a folder of images`,
  });
}
