import { noFolder } from '../folder/nowhere.ts';

/**
 * Previews are files of a folder, and a page has none.
 * @throws usage if previews are requested
 */
export async function previews(
  _config: object,
  { sampleEvery }: { readonly sampleEvery?: number },
): Promise<undefined> {
  return sampleEvery === undefined ? undefined : noFolder('sampleEvery');
}
