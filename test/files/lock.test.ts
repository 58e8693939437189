import { spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync, readdirSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs';
import { hostname, tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { lockFolder } from '../../src/files/disk.ts';

const place = () => mkdtempSync(join(tmpdir(), 'langevin-lock-'));
const refusal = /Another training writes into this folder; got "process \d+ on .*remove .*\.run\.lock/;

it('belongs to one writer at a time, and leaves nothing behind', async () => {
  const at = place();
  const dir = join(at, 'deep/er/run');
  const lock = await lockFolder(dir);
  await expect(lockFolder(dir)).rejects.toThrow(refusal);
  await (await lockFolder(join(at, 'deep/er/other'))).release();
  symlinkSync(dir, join(at, 'link'));
  await expect(lockFolder(join(at, 'link'))).rejects.toThrow(refusal);
  await lock.release();
  await lock.release();
  await (await lockFolder(dir)).release();
  expect(readdirSync(at)).toEqual(['link']);
});

it('goes to exactly one of many writers at once, also if an abandoned lock has to be removed', async () => {
  const at = place();
  writeFileSync(
    join(at, '.run.lock'),
    JSON.stringify({ host: hostname(), pid: 2 ** 30, began: '', token: 'x' }),
  );
  const all = await Promise.allSettled(Array.from({ length: 20 }, () => lockFolder(join(at, 'run'))));
  expect(all.filter(({ status }) => status === 'fulfilled')).toHaveLength(1);
});

const live = { host: hostname(), pid: process.pid, token: 'x' };
it.each([
  ['a process that is gone', { ...live, pid: 2 ** 30, began: '' }, true],
  ['another process, which has its number now', { ...live, began: 'long ago' }, process.platform === 'linux'],
  ['nobody who can be told', 'torn', true],
  ['a process of another machine, which cannot be asked', { ...live, host: 'elsewhere', began: '' }, false],
])('of %s', async (_whose, owner, free) => {
  const at = place();
  const path = join(at, '.run.lock');
  writeFileSync(path, typeof owner === 'string' ? owner : JSON.stringify(owner));
  const taking = lockFolder(join(at, 'run'));
  if (free) await (await taking).release();
  else await expect(taking).rejects.toThrow(refusal);
  expect(existsSync(path)).toBe(!free);
});

it('ends with its process', () => {
  const at = place();
  const door = JSON.stringify(new URL('../../dist/src/files/disk.js', import.meta.url).href);
  const script = `import { lockFolder } from ${door};
    await lockFolder('run');
    console.log((await import('node:fs')).readFileSync('.run.lock', 'utf8'));
    process.exit(0);`;
  const { stdout } = spawnSync(process.execPath, ['--input-type=module', '-e', script], { cwd: at });
  expect(JSON.parse(String(stdout))).toMatchObject({ host: hostname() });
  expect(readdirSync(at)).toEqual([]);
});

it('gives another error than a folder that cannot be written', async () => {
  const at = place();
  writeFileSync(join(at, 'file'), '');
  await expect(lockFolder(join(at, 'file/run'))).rejects.toThrow(
    /cannot write: a part of its path is a file/,
  );
  expect(readFileSync(join(at, 'file'), 'utf8')).toBe('');
});
