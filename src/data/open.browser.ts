import { failure, unknownName, usage } from '../errors.ts';
import { inMemory, readNpy } from '../files/index.ts';
import type { Dataset } from './contract.ts';
import { type FiniteOptions, finiteDataset } from './finite.ts';
import { arrayTable } from './formats/array-table.ts';
import { readNpzTable } from './formats/npz.ts';
import { openToy } from './open-toy.ts';
import type { Table } from './table.ts';
import { type ToyName, toys } from './toys/index.ts';

/** How data are opened in a page. */
export interface OpenOptions extends FiniteOptions {
  /** Which array of an `.npz` holds the rows, if there are several. */
  readonly array?: string;
}

/** A file that a person dropped or chose: the `File` of a page, or anything like it. */
export interface NamedFile {
  /** The file name; its ending determines the format. */
  readonly name: string;
  /** All its bytes. */
  arrayBuffer(): Promise<ArrayBuffer>;
}

/**
 * Opens a toy density by its name, or a file of a page, `.npy` or `.npz`. Its rows are standardised unless
 * the options say otherwise.
 * @throws usage for an unknown name or ending; failure for a damaged file
 */
export async function openDataset(source: string | NamedFile, options: OpenOptions = {}): Promise<Dataset> {
  if (typeof source !== 'string') return openFile(source, options);
  if (!Object.hasOwn(toys, source)) throw unknownName('data', source, Object.keys(toys));
  return openToy(source as ToyName, options);
}

type Reader = (bytes: Uint8Array, where: string, options: OpenOptions) => Table;

const READERS: Readonly<Record<string, Reader>> = {
  npy: (bytes, where) => arrayTable(readNpy(bytes, where), where),
  npz: (bytes, where, options) => readNpzTable(inMemory(bytes), where, options),
};

async function openFile(file: NamedFile, options: OpenOptions): Promise<Dataset> {
  const ending = file.name.split('.').at(-1)!.toLowerCase();
  if (!Object.hasOwn(READERS, ending))
    throw usage('an ending that is not read in a page', {
      where: file.name,
      expected: Object.keys(READERS)
        .map(each => `.${each}`)
        .join(', '),
    });
  const bytes = await file.arrayBuffer().catch((cause: Error) => {
    throw failure('cannot be read', { where: file.name, got: cause.message });
  });
  const table = READERS[ending]!(new Uint8Array(bytes), file.name, options);
  return finiteDataset(file.name, table, options);
}
