import { noFolder } from '../folder/nowhere.ts';

/**
 * A page has no folder to take.
 * @throws usage if one is named
 */
export async function takeFolder({ out }: { readonly out?: string }): Promise<undefined> {
  return out === undefined ? undefined : noFolder(out);
}
