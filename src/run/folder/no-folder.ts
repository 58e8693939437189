import { usage } from '../../errors.ts';

/** Refuses a folder, because a page has none. */
export function noFolder(where = 'out'): never {
  throw usage('A page has no folders', {
    where,
    remedy:
      'Leave the folder out. A run is opened from the bytes of its files: openRun({ config, weights }) or openRun({ file })',
  });
}
