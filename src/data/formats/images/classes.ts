import { join } from 'node:path';
import { usage } from '../../../errors.ts';
import { labelCollector, type TableLabels } from '../../labels.ts';
import type { PictureFile } from './listing.ts';

/** Subfolders with such names are parts of a data set, not classes. */
const PART = /^(train|training|val|valid|validation|dev|test|testing|eval)(_?(set|images|data))?$/i;

/** The classes of the images of a folder: the names of their subfolders. */
export function folderLabels(folder: string, files: readonly PictureFile[]): TableLabels {
  const parts = partsOf(files);
  if (parts.length > 0)
    throw usage('the subfolders are parts of a data set, not classes', {
      where: folder,
      got: parts.join(', '),
      remedy: `Name one part: ${join(folder, parts[0]!)}`,
    });
  const labels = labelCollector('own', folder);
  const outside = files.filter(({ path }) => !/[\\/]/.test(path));
  if (outside.length > 0)
    throw usage(
      outside.length > 1 ? `${outside.length} images that are in no class` : 'an image that is in no class',
      {
        where: join(folder, outside[0]!.path),
        expected: 'a subfolder for each class, with its images',
      },
    );
  for (const { path } of files) labels.add(path.split(/[\\/]/)[0]!, path);
  return labels.close();
}

/** A note that several parts of a data set are used together, if the folder has parts. */
export function partsNote(folder: string, files: readonly PictureFile[]): string[] {
  const parts = partsOf(files);
  return parts.length > 1
    ? [`the images of ${parts.join(', ')} are taken together; name ${join(folder, parts[0]!)} for one part`]
    : [];
}

/** The subfolders if all of them have names of parts; otherwise none. */
function partsOf(files: readonly PictureFile[]): string[] {
  const tops = [...new Set(files.map(({ path }) => (/[\\/]/.test(path) ? path.split(/[\\/]/)[0]! : '')))];
  return tops.every(top => PART.test(top)) ? tops.toSorted((a, b) => order(a) - order(b)) : [];
}

const order = (part: string): number => (/^train/i.test(part) ? 0 : 1);
