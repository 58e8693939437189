/** The name of a file without the ending of a compressed file. */
export const withoutGz = (path: string): string => path.replace(/\.gz$/i, '');

/** Most bytes that a compressed file may decompress to. */
export const MOST_INFLATED = 2 ** 30;
