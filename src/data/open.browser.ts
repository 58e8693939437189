import { unknownName } from '../errors.ts';
import type { Dataset } from './contract.ts';
import type { OpenOptions } from './dataset-of.ts';
import type { NamedFile } from './open-named.ts';
import { openToy } from './open-toy.ts';
import { type ToyName, toys } from './toys/index.ts';

export type { OpenOptions } from './dataset-of.ts';
export type { NamedFile } from './open-named.ts';

/**
 * Opens a toy density by its name, or a file of a page, of every format that Node reads from one file. The
 * readers are loaded when the first file is opened.
 * @throws usage for an unknown name or ending; failure for a damaged file
 */
export async function openDataset(source: string | NamedFile, options: OpenOptions = {}): Promise<Dataset> {
  if (typeof source === 'object') {
    const { openNamedFile } = await import('./open-named.ts');
    return openNamedFile(source, options);
  }
  if (!Object.hasOwn(toys, source)) throw unknownName('data', source, Object.keys(toys));
  return openToy(source as ToyName, options);
}
