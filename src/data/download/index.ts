import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { failure, requireText, unknownName, usage } from '../../errors.ts';
import { readRegular, writeFileAtomic } from '../../files/disk.ts';
import { inflateGzip } from '../../files/index.ts';
import { type FetchOptions, fetchFile } from './fetch-file.ts';
import { type Source, type SourceName, sources } from './sources.ts';
import { untar } from './untar.ts';

/** Where a data set comes from and goes to. */
export interface DownloadOptions extends FetchOptions {
  /** Folder to put the files in; default `data/NAME`. */
  readonly out?: string;
  /** The address of a folder with the same files, used instead of the publisher's. */
  readonly mirror?: string;
}

/** A fetched data set. */
export interface Downloaded {
  /** The folder with its files. */
  readonly folder: string;
  /** The rows for training, as `openDataset` takes them. */
  readonly train: string;
  /** The same for the rows kept for testing. */
  readonly test: string;
}

/** Most bytes that a fetched archive may unpack to. */
const MAX_UNPACKED = 2 ** 29;

/** The names that {@link download} knows. */
export const downloads: readonly string[] = Object.keys(sources);

/**
 * Fetches a data set by name, checks it against its published checksums, and says what to open. Nothing else
 * in this package ever opens a connection.
 * @throws usage for an unknown name or a mirror that is not an address; failure if the server does not answer
 * or does not have the file, or for a wrong checksum
 */
export async function download(name: string, options: DownloadOptions = {}): Promise<Downloaded> {
  requireText('data set', name);
  if (!Object.hasOwn(sources, name)) throw unknownName('data set', name, downloads);
  return downloadFrom(sources[name as SourceName], { out: join('data', name), ...options });
}

/** {@link download} from any source. */
export async function downloadFrom(
  source: Source,
  { out, mirror, ...options }: DownloadOptions & { readonly out: string },
): Promise<Downloaded> {
  const base = mirror === undefined ? source.base : checkMirror(mirror);
  await mkdir(out, { recursive: true }).catch((cause: NodeJS.ErrnoException) => {
    throw failure('cannot be made as a folder', { where: out, got: cause.code });
  });
  for (const { name, md5, unpack } of source.files) {
    const path = join(out, name);
    await fetchFile(new URL(name, base).href, path, md5, options);
    if (unpack) await unpackInto(out, path);
  }
  return { folder: out, train: join(out, source.train), test: join(out, source.test) };
}

/** An address to which file names can be appended. */
function checkMirror(mirror: string): string {
  const address = URL.canParse(mirror) ? new URL(mirror) : undefined;
  if (address?.protocol !== 'http:' && address?.protocol !== 'https:')
    throw usage('not the address of a mirror', { got: mirror, expected: 'http://… or https://…' });
  return mirror.endsWith('/') ? mirror : `${mirror}/`;
}

async function unpackInto(folder: string, path: string): Promise<void> {
  const packed = await readRegular(path);
  const bytes = await inflateGzip(packed, path, MAX_UNPACKED);
  for (const [name, content] of untar(bytes, path))
    if (name.endsWith('.bin')) await writeFileAtomic(join(folder, name), content);
}
