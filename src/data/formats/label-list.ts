import { usage } from '../../errors.ts';
import { type FileArray, npyForm, readNpy, readNpyText } from '../../files/index.ts';
import type { LabelList } from '../labels.ts';

/**
 * The labels in the content of a `.npy`, as numbers or texts. @throws failure for damage; usage if it is not
 * a list
 */
export function npyLabels(bytes: Uint8Array, where: string): LabelList {
  if (npyForm(bytes, where).holds !== 'text') return listOf(readNpy(bytes, where), where);
  const { texts, shape } = readNpyText(bytes, where);
  return listOf({ data: texts, shape }, where);
}

/** The values of an array with one value in each row: `[N]`, or `[N, 1]` as in many files. */
export function listOf<Data extends FileArray['data'] | readonly string[]>(
  { data, shape }: { readonly data: Data; readonly shape: readonly number[] },
  where: string,
): Data {
  if (shape.length > 0 && shape.slice(1).every(extent => extent === 1)) return data;
  throw usage('not a list of labels', {
    where,
    got: `shape [${shape}]`,
    expected: 'one label for each row: [N] or [N, 1]',
    ...(shape.length === 2 && { remedy: 'One-hot rows become labels in Python: labels.argmax(axis=1)' }),
  });
}
