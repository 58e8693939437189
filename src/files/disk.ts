export { writeFileAtomic } from './atomic.ts';
export { checkFolder, type FolderFiles, writeFolderAtomic } from './folder.ts';
export { type FolderLock, lockFolder } from './lock.ts';
export { openSafetensors } from './open-safetensors.ts';
export { folderToRead, holdsFile, readFolder } from './read-folder.ts';
export { openRegular, openRegularSync, readAt, readRegular, readRegularSync } from './regular.ts';
export { isFolder } from './siblings.ts';
export { removeAbandoned, temporaryFor } from './temporary.ts';
