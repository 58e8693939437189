import { usage } from '../../errors.ts';
import { checkFolder, type FolderLock, folderToRead, holdsFile, lockFolder } from '../../files/disk.ts';
import { checkpointFiles } from '../folder/files.ts';

/** Where a training writes, and what it may do with an existing run. */
export interface Destination {
  readonly out?: string;
  readonly resume?: boolean;
  readonly overwrite?: boolean;
}

/**
 * Locks the folder of a training before its first step, so that no other training writes there.
 * @throws usage for a folder with other content, for an existing run without `resume` or `overwrite`, and for
 * a folder into which another training writes; failure if nothing can be written there
 */
export async function takeFolder({ out, resume, overwrite }: Destination): Promise<FolderLock | undefined> {
  if (out === undefined) return undefined;
  if (resume) await folderToRead(out);
  await checkFolder(out, checkpointFiles);
  if (!resume && !overwrite && (await holdsFile(out, 'config.json')))
    throw usage('A run is there already', {
      where: out,
      remedy: 'Choose another folder, go on with the run (resume: true), or replace it (overwrite: true)',
    });
  return lockFolder(out);
}
