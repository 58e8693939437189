import { failure } from '../../errors.ts';
import type { ZipEntry } from '../../files/zip-directory.ts';
import { unpickle } from '../pickle/unpickle.ts';
import type { PickleValue } from '../pickle/values.ts';
import type { ByteSource } from '../source.ts';
import { readDirectory, readEntry } from '../zip.ts';
import { torchHost } from './host.ts';
import type { StorageRef } from './view.ts';

/** The content of a checkpoint: its pickle as data, and its storages, which are read on demand. */
export interface TorchFile {
  readonly format: 'torch' | 'torch-legacy';
  readonly root: PickleValue;
  storage(ref: StorageRef): Promise<Uint8Array>;
}

const MAX_PICKLE = 64 * 2 ** 20;

/**
 * The format of torch.save since 1.6: a zip with one top folder that contains `data.pkl` and `data/0`,
 * `data/1`, … as raw numbers.
 */
export async function openArchive(source: ByteSource): Promise<TorchFile> {
  const { where } = source;
  const directory = await readDirectory(source);
  const pickles = [...directory.keys()].filter(name => /^[^/]*\/data\.pkl$/.test(name));
  if (pickles.length !== 1)
    throw failure('not a torch checkpoint', {
      where,
      got: pickles.length > 1 ? 'several data.pkl' : 'a zip without data.pkl',
      expected: 'a file written by torch.save',
    });
  const entry = directory.get(pickles[0]!)!;
  const folder = pickles[0]!.slice(0, -'data.pkl'.length);
  if (directory.has(`${folder}constants.pkl`))
    throw failure('a TorchScript program, not weights', { where, remedy: 'Save its state_dict.' });
  if (entry.size > MAX_PICKLE)
    throw failure('the pickle is too large', {
      where,
      got: `${entry.size} bytes`,
      expected: `at most ${MAX_PICKLE}`,
    });
  await checkByteOrder(source, directory.get(`${folder}byteorder`));
  const { value } = unpickle(await readEntry(source, entry), where, torchHost(where));
  const storage = async ({ key, bytes }: StorageRef) => {
    const entry = directory.get(`${folder}data/${key}`);
    if (entry?.size !== bytes)
      throw failure(entry ? 'a storage of the wrong length' : 'a storage is missing', {
        where: `${where}, storage "${key}"`,
        ...(entry && { got: `${entry.size} bytes`, expected: `${bytes}` }),
      });
    return readEntry(source, entry);
  };
  return { format: 'torch', root: value, storage };
}

async function checkByteOrder(source: ByteSource, entry: ZipEntry | undefined): Promise<void> {
  if (!entry) return;
  if (entry.size <= 16 && Buffer.from(await readEntry(source, entry)).toString('latin1') === 'little') return;
  throw failure('its numbers are stored high byte first', {
    where: source.where,
    remedy: 'Save it again on a machine that stores the low byte first.',
  });
}
