import { noFolder } from '../folder/no-folder.ts';

/**
 * A page has no folder to write to.
 * @throws usage if a folder is named
 */
export async function takeFolder({ out }: { readonly out?: string }): Promise<undefined> {
  return out === undefined ? undefined : noFolder(out);
}
