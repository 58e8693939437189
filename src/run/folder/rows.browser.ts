import { noFolder } from './no-folder.ts';

/** @throws usage: a page has no folders */
export const readRows = async (dir: string): Promise<undefined> => noFolder(dir);

/** Only a run in a folder can be resumed. */
export const requireRows = (): void => noFolder();
