import type { StoredModel } from './bytes.ts';
import type { Curves } from './curves.ts';
import { noFolder } from './no-folder.ts';

/** @throws usage: a page has no folders */
export const readModel = async (dir: string): Promise<StoredModel> => noFolder(dir);

/** @throws usage: a page has no folders */
export const readRunFile = async (path: string): Promise<Uint8Array> => noFolder(path);

/** @throws usage: a page has no folders */
export const readCurves = async (dir: string): Promise<Curves> => noFolder(dir);

/** @throws usage: a page has no folders */
export const readState = async (dir: string): Promise<never> => noFolder(dir);

/** @throws usage: a page has no folders */
export const writeCheckpoint = async (dir: string): Promise<void> => noFolder(dir);

/** @throws usage: a page has no folders */
export const readClassifier = async (dir: string): Promise<never> => noFolder(dir);

/** @throws usage: a page has no folders */
export const holdsClassifier = async (dir: string): Promise<never> => noFolder(dir);
