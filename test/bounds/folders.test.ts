import { spawn, spawnSync } from 'node:child_process';
import {
  existsSync,
  lstatSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, join, resolve } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { afterAll, beforeEach, describe, expect, test } from 'vitest';
import { main } from '../../src/cli/app.ts';
import {
  checkFolder,
  folderToRead,
  holdsFile,
  readFolder,
  temporaryFor,
  writeFileAtomic,
  writeFolderAtomic,
} from '../../src/files/disk.ts';

const FILES = resolve(import.meta.dirname, '../../dist/src/files/disk.js');
const home = mkdtempSync(join(tmpdir(), 'langevin-folders-'));
afterAll(() => rmSync(home, { recursive: true }));
let at: string;
beforeEach(() => {
  at = mkdtempSync(join(home, 'case-'));
});

const NAMES = ['config.json', 'model.bin'];
const write = (dir: string, version: string) =>
  writeFolderAtomic(dir, { 'config.json': version, 'model.bin': version });
const text = (...path: string[]) => readFileSync(join(...path), 'utf8');
/** A process that runs these statements on the library and does not end by itself. */
const child = (body: string) =>
  spawn(process.execPath, [
    '--input-type=module',
    '-e',
    `const { writeFolderAtomic, temporaryFor } = await import(${JSON.stringify(FILES)});
     const { writeFileSync } = await import('node:fs'); ${body}`,
  ]);
const ended = (process: ReturnType<typeof child>) => new Promise(done => process.once('exit', done));

describe('links', () => {
  test('a link to a folder stays a link, and its target is written', async () => {
    mkdirSync(join(at, 'real'));
    symlinkSync('real', join(at, 'link'));
    symlinkSync(join(at, 'link'), join(at, 'further'));
    await write(join(at, 'link'), 'one');
    writeFileSync(join(at, 'real', 'notes.txt'), 'mine');
    await write(join(at, 'further'), 'two');
    expect(readdirSync(at).sort()).toEqual(['further', 'link', 'real']);
    for (const link of ['link', 'further']) expect(lstatSync(join(at, link)).isSymbolicLink()).toBe(true);
    expect(readdirSync(join(at, 'real')).sort()).toEqual([...NAMES, 'notes.txt']);
    expect(text(await folderToRead(join(at, 'further')), 'model.bin')).toBe('two');
  });

  test('a link with a missing target gets one', async () => {
    symlinkSync(join(at, 'later'), join(at, 'link'));
    await checkFolder(join(at, 'link'), NAMES);
    await write(join(at, 'link'), 'one');
    expect(lstatSync(join(at, 'link')).isSymbolicLink()).toBe(true);
    expect(text(at, 'later', 'config.json')).toBe('one');
  });

  test('a folder below a link is written to the target of the link', async () => {
    mkdirSync(join(at, 'real'));
    symlinkSync('real', join(at, 'runs'));
    await write(join(at, 'runs', 'one'), 'one');
    expect(readdirSync(join(at, 'real'))).toEqual(['one']);
  });

  test('a circle of links is refused with a clear error', async () => {
    symlinkSync('circle', join(at, 'circle'));
    await expect(write(join(at, 'circle'), 'one')).rejects.toThrow(/circle: cannot/);
  });

  test.each(['.run.old.tmp', '.run.new.tmp'])('a link that was planted as %s is not followed', async name => {
    mkdirSync(join(at, 'victim'));
    for (const file of ['secret', ...NAMES]) writeFileSync(join(at, 'victim', file), 'victim');
    symlinkSync(join(at, 'victim'), join(at, name));
    expect(await holdsFile(join(at, 'run'), 'config.json')).toBe(false);
    await write(join(at, 'run'), 'one');
    expect(readdirSync(at).sort()).toEqual(['run', 'victim']);
    expect(readdirSync(join(at, 'run')).sort()).toEqual(NAMES);
    for (const file of ['secret', ...NAMES]) expect(text(at, 'victim', file)).toBe('victim');
  });

  test('a link to a file stays a link', async () => {
    symlinkSync(join(at, 'later.csv'), join(at, 'link.csv'));
    await writeFileAtomic(join(at, 'link.csv'), 'one');
    expect(lstatSync(join(at, 'link.csv')).isSymbolicLink()).toBe(true);
    expect(text(at, 'later.csv')).toBe('one');
  });
});

test.skipIf(!existsSync('/dev/shm'))(
  'a mount point, which cannot be renamed, is refused before any work',
  async () => {
    await expect(checkFolder('/dev/shm', NAMES)).rejects.toThrow(/a disk is mounted there.*a folder in it/);
  },
);

describe('writers that are killed', () => {
  test('between the two renames: the run still exists, and training does not replace it', async () => {
    await write(join(at, 'run'), '{}');
    renameSync(join(at, 'run'), join(at, '.run.old.tmp'));
    expect(await holdsFile(join(at, 'run'), 'config.json')).toBe(true);
    expect(await main(['train', 'moons', '--steps', '1', '--out', join(at, 'run'), '--quiet'])).toBe(2);
    expect(text(at, '.run.old.tmp', 'config.json')).toBe('{}');
  });

  test('while they write: the next writer of the same file removes their remains, and nothing else', async () => {
    const target = join(at, 'a.csv');
    const left =
      child(`writeFileSync(temporaryFor(${JSON.stringify(target)}), 'half'); console.log('written');
      setInterval(() => {}, 1000);`);
    await new Promise(done => left.stdout.once('data', done));
    const theirs = readdirSync(at);
    expect(theirs).toHaveLength(1);
    const others = [
      basename(temporaryFor(target)),
      basename(temporaryFor(join(at, 'b.csv'))),
      '.a.csv.notes.tmp',
      theirs[0]!.replace('a.csv', 'b.csv'),
    ];
    for (const name of others) writeFileSync(join(at, name), '');
    await writeFileAtomic(target, 'one');
    expect(readdirSync(at).sort()).toEqual(['a.csv', ...theirs, ...others].sort());
    left.kill('SIGKILL');
    await ended(left);
    await writeFileAtomic(target, 'two');
    expect(readdirSync(at).sort()).toEqual(['a.csv', ...others].sort());
  });

  test('at any time: one of the two versions is read completely', async () => {
    const dir = join(at, 'run');
    await write(dir, 'first');
    for (let kill = 0; kill < 8; kill++) {
      const writer = child(`for (let i = 0; ; i++)
        await writeFolderAtomic(${JSON.stringify(dir)}, { 'config.json': String(i), 'model.bin': String(i) });`);
      await pause(150 + 13 * kill);
      writer.kill('SIGKILL');
      await ended(writer);
      const [config, model] = await readFolder(dir, async folder => NAMES.map(name => text(folder, name)));
      expect(config).toBe(model);
    }
    await write(dir, 'last');
    expect(readdirSync(at)).toEqual(['run']);
  });
});

test('readers see one complete checkpoint, however often it is replaced', async () => {
  const dir = join(at, 'run');
  await write(dir, '0');
  const writer = child(`for (let i = 1; i <= 150; i++)
    await writeFolderAtomic(${JSON.stringify(dir)}, { 'config.json': String(i), 'model.bin': String(i) });`);
  const state = { over: false };
  void ended(writer).then(() => {
    state.over = true;
  });
  const seen = new Set<string>();
  while (!state.over) {
    const [config, model] = await readFolder(dir, async folder => {
      const first = text(folder, 'config.json');
      await pause(0);
      return [first, text(folder, 'model.bin')];
    });
    expect(model).toBe(config);
    seen.add(config!);
  }
  expect(seen.size).toBeGreaterThan(2);
});

describe('what a reader throws', () => {
  test('for a folder that does not change, at once', async () => {
    await write(join(at, 'run'), 'one');
    let reads = 0;
    const fails = readFolder(join(at, 'run'), () => Promise.reject(new Error(`read ${++reads}`)));
    await expect(fails).rejects.toThrow('read 1');
    await expect(readFolder(join(at, 'none'), () => Promise.resolve(1))).rejects.toThrow('no such folder');
  });
});

test.skipIf(process.platform === 'win32')(
  'a killed process leaves no images in the temporary folder',
  async () => {
    const images = join(at, 'images');
    const scratch = join(at, 'scratch');
    for (const folder of [images, scratch]) mkdirSync(folder);
    const loader = resolve(import.meta.dirname, '../../dist/src/data/formats/images/spool.js');
    const script = `const { spool } = await import(${JSON.stringify(loader)});
    const picture = { width: 64, height: 64, channels: 1, data: new Uint8Array(4096) };
    const read = async i => { if (i === 5) process.kill(process.pid, 'SIGKILL'); return picture; };
    await spool({ where: 'x', count: 10, read });`;
    const { signal } = spawnSync(process.execPath, ['--input-type=module', '-e', script], {
      env: { ...process.env, TMPDIR: scratch },
    });
    expect(signal).toBe('SIGKILL');
    expect(readdirSync(scratch)).toEqual([]);
  },
);

const MOUNTS = spawnSync('unshare', ['-m', 'mount', '-t', 'tmpfs', '-o', 'ro', 'none', home]).status === 0;

test.skipIf(!MOUNTS)('a read-only file system is named as such, before any work and after it', () => {
  const output = resolve(import.meta.dirname, '../../dist/src/cli/terminal/output.js');
  const script = `const { checkOutput } = await import(${JSON.stringify(output)});
    const { writeFileAtomic, writeFolderAtomic } = await import(${JSON.stringify(FILES)});
    const [file, folder] = ${JSON.stringify([join(at, 'a.csv'), join(at, 'run')])};
    for (const work of [
      () => checkOutput(file, ['.csv']),
      () => writeFileAtomic(file, '1'),
      () => writeFolderAtomic(folder, { 'config.json': '1' }),
    ]) await work().then(() => console.log('written'), error => console.log(error.message));`;
  const mounted = 'mount -t tmpfs -o ro none "$1" && exec "$2" --input-type=module -e "$3"';
  const words = ['-m', 'sh', '-c', mounted, 'sh', at, process.execPath, script];
  const { stdout } = spawnSync('unshare', words, { encoding: 'utf8' });
  const lines = stdout.trim().split('\n');
  expect(lines).toHaveLength(3);
  for (const line of lines) expect(line).toMatch(/cannot write: the file system is read-only/);
});
