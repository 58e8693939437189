import { chmod, mkdir, mkdtemp, readdir, readFile, rm, stat, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { checkFolder, folderToRead, writeFileAtomic, writeFolderAtomic } from '../../src/files/disk.ts';

let home: string;
beforeEach(async () => {
  home = await mkdtemp(join(tmpdir(), 'langevin-files-'));
});
afterEach(() => rm(home, { recursive: true }));

const text = (path: string) => readFile(path, 'utf8');

describe('writeFileAtomic', () => {
  test('writes, replaces, and leaves nothing else behind', async () => {
    const path = join(home, 'a.csv');
    await writeFileAtomic(path, 'one');
    await writeFileAtomic(path, Uint8Array.of(116, 119, 111));
    expect(await text(path)).toBe('two');
    expect(await readdir(home)).toEqual(['a.csv']);
  });

  test('keeps the permissions of the file and follows a link to it', async () => {
    const path = join(home, 'real');
    await writeFile(path, 'old');
    await chmod(path, 0o640);
    await symlink(path, join(home, 'link'));
    await writeFileAtomic(join(home, 'link'), 'new');
    expect(await text(path)).toBe('new');
    expect((await stat(path)).mode & 0o777).toBe(0o640);
  });

  test('says why a path cannot be written, and leaves nothing behind', async () => {
    await mkdir(join(home, 'folder'));
    await writeFile(join(home, 'file'), '');
    await expect(writeFileAtomic(join(home, 'none', 'x'), '')).rejects.toThrow(
      /none.x: cannot write: its folder does not exist/,
    );
    await expect(writeFileAtomic(join(home, 'folder'), '')).rejects.toThrow('it is a folder');
    await expect(writeFileAtomic(join(home, 'file', 'x'), '')).rejects.toThrow('not a folder');
    expect((await readdir(home)).sort()).toEqual(['file', 'folder']);
  });

  test('writes to a device directly instead of replacing it', async () => {
    await writeFileAtomic('/dev/null', 'gone');
    expect((await stat('/dev/null')).isCharacterDevice()).toBe(true);
  });
});

describe('writeFolderAtomic', () => {
  const names = ['config.json', 'model.bin'];
  const write = (dir: string, version: string) =>
    writeFolderAtomic(dir, { 'config.json': version, 'model.bin': version });

  test('makes parent folders, replaces all files, and keeps other files of the user', async () => {
    const dir = join(home, 'runs', 'one');
    await write(dir, 'first');
    await writeFile(join(dir, 'notes.txt'), 'mine');
    await write(dir, 'second');
    expect((await readdir(dir)).sort()).toEqual(['config.json', 'model.bin', 'notes.txt']);
    expect(await text(join(dir, 'model.bin'))).toBe('second');
    expect(await readdir(join(home, 'runs'))).toEqual(['one']);
  });

  test('after a writer stopped between its renames, the old folder is readable and the next writer continues', async () => {
    const dir = join(home, 'run');
    await mkdir(join(home, '.run.old.tmp'));
    await writeFile(join(home, '.run.old.tmp', 'config.json'), 'old');
    await mkdir(join(home, '.run.new.tmp'));
    expect(await text(join(await folderToRead(dir), 'config.json'))).toBe('old');
    await write(dir, 'new');
    expect(await text(join(await folderToRead(dir), 'config.json'))).toBe('new');
    expect(await readdir(home)).toEqual(['run']);
  });

  test('a failure keeps the old files', async () => {
    const dir = join(home, 'run');
    await write(dir, 'old');
    const broken = { 'config.json': 'new', 'model.bin': 5 as unknown as string };
    await expect(writeFolderAtomic(dir, broken)).rejects.toThrow('cannot write');
    expect(await text(join(dir, 'config.json'))).toBe('old');
    expect(await readdir(home)).toEqual(['run']);
  });

  test('refuses folders with other content before anything is changed', async () => {
    await mkdir(join(home, 'photos'));
    await writeFile(join(home, 'photos', 'a.png'), '');
    await writeFile(join(home, 'file'), '');
    await expect(write(join(home, 'photos'), '')).rejects.toThrow('holds other things');
    await expect(write(join(home, 'file'), '')).rejects.toThrow('it is a file');
    await expect(write('.', '')).rejects.toThrow('the folder you are working in');
    await expect(write('..', '')).rejects.toThrow('the folder you are working in');
    await expect(write('/', '')).rejects.toThrow('the folder you are working in');
    await expect(checkFolder(home, ['../x'])).rejects.toThrow('plain name');
    await expect(checkFolder(join(home, 'new'), names)).resolves.toBeUndefined();
    await expect(folderToRead(join(home, 'new'))).rejects.toThrow('no such folder');
  });
});
