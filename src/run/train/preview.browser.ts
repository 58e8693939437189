import { noFolder } from '../folder/no-folder.ts';

/**
 * Previews are files of a folder, and a page has none.
 * @throws usage if previews are requested
 */
export function requirePreviews(_config: object, { sampleEvery }: { readonly sampleEvery?: number }): void {
  if (sampleEvery !== undefined) noFolder('sampleEvery');
}

/** No previews. */
export const previews = async (): Promise<undefined> => undefined;
