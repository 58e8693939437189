/** Parts of a path with a slash between them. */
export const join = (...parts: readonly string[]): string => parts.filter(part => part !== '').join('/');

/** A page has no folder: the name of a file is all there is. */
export const resolve = (path: string): string => path;
