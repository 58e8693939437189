/** Parts of a path with a slash between them. */
export const join = (...parts: readonly string[]): string => parts.filter(part => part !== '').join('/');

/** A page has no folders: a file has only its name. */
export const resolve = (path: string): string => path;
